package io.flotilla.metadata.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.v1.AddPartitionsCommand;
import io.flotilla.metadata.v1.AllocateProducerIdsCommand;
import io.flotilla.metadata.v1.AlterTopicConfigCommand;
import io.flotilla.metadata.v1.AssignTargetsCommand;
import io.flotilla.metadata.v1.ChangeMetadataVotersCommand;
import io.flotilla.metadata.v1.Command;
import io.flotilla.metadata.v1.CreateTopicCommand;
import io.flotilla.metadata.v1.DeleteTopicCommand;
import io.flotilla.metadata.v1.DrainBrokerCommand;
import io.flotilla.metadata.v1.EndOperationCommand;
import io.flotilla.metadata.v1.FenceBrokerCommand;
import io.flotilla.metadata.v1.LeaderReportState;
import io.flotilla.metadata.v1.OnceCommand;
import io.flotilla.metadata.v1.PurgeTopicCommand;
import io.flotilla.metadata.v1.RaiseFeatureLevelCommand;
import io.flotilla.metadata.v1.RegisterBrokerCommand;
import io.flotilla.metadata.v1.ReportLeadersCommand;
import io.flotilla.metadata.v1.StartOperationCommand;
import io.flotilla.metadata.v1.UndeleteTopicCommand;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

/**
 * The bytes of a command: a frame around {@code flotilla.metadata.v1.Command}, both in the Raft log and between brokers.
 */
public final class CommandFormat {
    /** Largest command in bytes without its frame; a Raft entry takes a little more. */
    private static final int COMMAND_BYTES_MAX = 1 << 20;

    private static final Frame FRAME = new Frame(0x464C_4D43, "metadata command", COMMAND_BYTES_MAX); // "FLMC"

    private CommandFormat() {}

    /**
     * @throws Refused with INVALID_REQUEST if the command takes more than 1 MiB
     */
    public static ByteBuffer encode(MetadataCommand command) {
        Command.Builder message = Command.newBuilder();
        command.match(new Encoding(message));
        byte[] payload = message.build().toByteArray();
        if (payload.length > COMMAND_BYTES_MAX) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "metadata command of " + payload.length + " bytes is larger than " + COMMAND_BYTES_MAX
                            + "; ask for less at a time",
                    Map.of("size_bytes", Integer.toString(payload.length)));
        }
        return FRAME.wrap(payload);
    }

    /**
     * @param bytes exactly one command from position to limit
     * @throws IOException if the bytes are corrupt, or of a command this version does not know
     */
    public static MetadataCommand decode(ByteBuffer bytes) throws IOException {
        Command message;
        try {
            message = Command.parseFrom(FRAME.unwrap(bytes));
        } catch (InvalidProtocolBufferException malformed) {
            throw new IOException("metadata command is malformed although its CRC is right", malformed);
        }
        try {
            return decode(message);
        } catch (IllegalArgumentException invalid) {
            throw new IOException("metadata command holds an impossible value: " + invalid.getMessage(), invalid);
        }
    }

    private static MetadataCommand decode(Command message) throws IOException {
        return switch (message.getCommandCase()) {
            case REGISTER_BROKER -> {
                RegisterBrokerCommand command = message.getRegisterBroker();
                yield new MetadataCommand.RegisterBroker(
                        command.getId(),
                        command.getDirectoryId(),
                        ImageFormat.endpointOf(command.getGrpc()),
                        ImageFormat.endpointOf(command.getRaft()),
                        command.getRack(),
                        command.getProposedAtMillis(),
                        command.getReplicasMax(),
                        ImageFormat.featureLevelsOf(command.getFeatureLevelMin(), command.getFeatureLevelMax()));
            }
            case CREATE_TOPIC -> {
                CreateTopicCommand command = message.getCreateTopic();
                yield new MetadataCommand.CreateTopic(
                        ImageFormat.uuidOf(command.getId()),
                        command.getName(),
                        command.getPartitionCount(),
                        command.getReplicationFactor(),
                        command.getConfigMap());
            }
            case DELETE_TOPIC -> {
                DeleteTopicCommand command = message.getDeleteTopic();
                yield new MetadataCommand.DeleteTopic(
                        command.getName(), command.getProposedAtMillis(), command.getGraceMillis());
            }
            case ADD_PARTITIONS ->
                new MetadataCommand.AddPartitions(
                        message.getAddPartitions().getTopicName(),
                        message.getAddPartitions().getNewTotalCount());
            case ALTER_TOPIC_CONFIG -> {
                AlterTopicConfigCommand command = message.getAlterTopicConfig();
                yield new MetadataCommand.AlterTopicConfig(
                        command.getTopicName(), command.getSetMap(), Set.copyOf(command.getRemoveList()));
            }
            case ONCE ->
                new MetadataCommand.Once(
                        ImageFormat.uuidOf(message.getOnce().getRequestId()),
                        decode(message.getOnce().getChange()));
            case UNDELETE_TOPIC ->
                new MetadataCommand.UndeleteTopic(message.getUndeleteTopic().getNameOrId());
            case PURGE_TOPIC ->
                new MetadataCommand.PurgeTopic(
                        ImageFormat.uuidOf(message.getPurgeTopic().getId()),
                        message.getPurgeTopic().getProposedAtMillis());
            case REPORT_LEADERS -> reportsOf(message.getReportLeaders());
            case ALLOCATE_PRODUCER_IDS ->
                new MetadataCommand.AllocateProducerIds(
                        message.getAllocateProducerIds().getCount());
            case DRAIN_BROKER ->
                new MetadataCommand.DrainBroker(
                        message.getDrainBroker().getBrokerId(),
                        message.getDrainBroker().getDraining());
            case FENCE_BROKER ->
                new MetadataCommand.FenceBroker(
                        message.getFenceBroker().getBrokerId(),
                        message.getFenceBroker().getDirectoryId(),
                        message.getFenceBroker().getSinceMillis());
            case START_OPERATION -> {
                StartOperationCommand command = message.getStartOperation();
                yield new MetadataCommand.StartOperation(
                        ImageFormat.uuidOf(command.getId()),
                        OperationFormat.jobOf(command.getJob()),
                        command.getProposedAtMillis());
            }
            case END_OPERATION -> {
                EndOperationCommand command = message.getEndOperation();
                yield new MetadataCommand.EndOperation(
                        ImageFormat.uuidOf(command.getId()),
                        OperationFormat.stateOf(command.getPhase()),
                        command.getMessage(),
                        command.getProposedAtMillis());
            }
            case ASSIGN_TARGETS ->
                new MetadataCommand.AssignTargets(message.getAssignTargets().getTargetsList().stream()
                        .map(OperationFormat::targetOf)
                        .toList());
            case RAISE_FEATURE_LEVEL ->
                new MetadataCommand.RaiseFeatureLevel(
                        message.getRaiseFeatureLevel().getLevel());
            case CHANGE_GROUPS ->
                new MetadataCommand.ChangeGroups(GroupCommandFormat.commandOf(message.getChangeGroups()));
            case CHANGE_METADATA_VOTERS ->
                new MetadataCommand.ChangeMetadataVoters(
                        VotersFormat.votersOf(message.getChangeMetadataVoters().getVoters()));
            case COMMAND_NOT_SET ->
                throw new IOException("metadata command is of a kind this broker does not know: run a newer broker");
        };
    }

    private static MetadataCommand reportsOf(ReportLeadersCommand command) {
        PeerTable peers = PeerTable.of(command.getPeersList());
        return new MetadataCommand.ReportLeaders(command.getReportsList().stream()
                .map(report -> reportOf(report, peers))
                .toList());
    }

    private static LeaderReport reportOf(LeaderReportState report, PeerTable peers) {
        return new LeaderReport(
                new PartitionId(ImageFormat.uuidOf(report.getTopicId()), report.getPartition()),
                report.getEpoch(),
                report.getBrokerId(),
                peers.allAt(report.getVotersList()),
                report.getIncarnation(),
                report.getKeptEnd());
    }

    private record Encoding(Command.Builder message) implements MetadataCommand.Cases<Command.Builder> {
        @Override
        public Command.Builder registerBroker(MetadataCommand.RegisterBroker command) {
            return message.setRegisterBroker(RegisterBrokerCommand.newBuilder()
                    .setId(command.id())
                    .setDirectoryId(command.directoryId())
                    .setGrpc(ImageFormat.messageOf(command.grpc()))
                    .setRaft(ImageFormat.messageOf(command.raft()))
                    .setRack(command.rack())
                    .setProposedAtMillis(command.proposedAtMillis())
                    .setReplicasMax(command.replicasMax())
                    .setFeatureLevelMin(ImageFormat.messageOf(command.levels().min()))
                    .setFeatureLevelMax(ImageFormat.messageOf(command.levels().max())));
        }

        @Override
        public Command.Builder createTopic(MetadataCommand.CreateTopic command) {
            return message.setCreateTopic(CreateTopicCommand.newBuilder()
                    .setId(ImageFormat.bytesOf(command.id()))
                    .setName(command.name())
                    .setPartitionCount(command.partitionCount())
                    .setReplicationFactor(command.replicationFactor())
                    .putAllConfig(command.config()));
        }

        @Override
        public Command.Builder deleteTopic(MetadataCommand.DeleteTopic command) {
            return message.setDeleteTopic(DeleteTopicCommand.newBuilder()
                    .setName(command.name())
                    .setProposedAtMillis(command.proposedAtMillis())
                    .setGraceMillis(command.graceMillis()));
        }

        @Override
        public Command.Builder addPartitions(MetadataCommand.AddPartitions command) {
            return message.setAddPartitions(AddPartitionsCommand.newBuilder()
                    .setTopicName(command.topicName())
                    .setNewTotalCount(command.newTotalCount()));
        }

        @Override
        public Command.Builder alterTopicConfig(MetadataCommand.AlterTopicConfig command) {
            return message.setAlterTopicConfig(AlterTopicConfigCommand.newBuilder()
                    .setTopicName(command.topicName())
                    .putAllSet(command.set())
                    .addAllRemove(command.remove()));
        }

        @Override
        public Command.Builder once(MetadataCommand.Once command) {
            Command.Builder change = Command.newBuilder();
            command.change().match(new Encoding(change));
            return message.setOnce(OnceCommand.newBuilder()
                    .setRequestId(ImageFormat.bytesOf(command.requestId()))
                    .setChange(change));
        }

        @Override
        public Command.Builder undeleteTopic(MetadataCommand.UndeleteTopic command) {
            return message.setUndeleteTopic(UndeleteTopicCommand.newBuilder().setNameOrId(command.nameOrId()));
        }

        @Override
        public Command.Builder purgeTopic(MetadataCommand.PurgeTopic command) {
            return message.setPurgeTopic(PurgeTopicCommand.newBuilder()
                    .setId(ImageFormat.bytesOf(command.id()))
                    .setProposedAtMillis(command.proposedAtMillis()));
        }

        @Override
        public Command.Builder raiseFeatureLevel(MetadataCommand.RaiseFeatureLevel command) {
            return message.setRaiseFeatureLevel(
                    RaiseFeatureLevelCommand.newBuilder().setLevel(command.level()));
        }

        @Override
        public Command.Builder changeMetadataVoters(MetadataCommand.ChangeMetadataVoters command) {
            return message.setChangeMetadataVoters(
                    ChangeMetadataVotersCommand.newBuilder().setVoters(VotersFormat.messageOf(command.voters())));
        }

        @Override
        public Command.Builder reportLeaders(MetadataCommand.ReportLeaders command) {
            ReportLeadersCommand.Builder reports = ReportLeadersCommand.newBuilder();
            PeerTable.Writing peers = new PeerTable.Writing();
            for (LeaderReport report : command.reports()) {
                reports.addReports(LeaderReportState.newBuilder()
                        .setTopicId(ImageFormat.bytesOf(report.partition().topicId()))
                        .setPartition(report.partition().partition())
                        .setEpoch(report.epoch())
                        .setBrokerId(report.brokerId())
                        .addAllVoters(peers.indexesOf(report.voters()))
                        .setIncarnation(report.incarnation())
                        .setKeptEnd(report.keptEnd()));
            }
            return message.setReportLeaders(reports.addAllPeers(peers.table()));
        }

        @Override
        public Command.Builder allocateProducerIds(MetadataCommand.AllocateProducerIds command) {
            return message.setAllocateProducerIds(
                    AllocateProducerIdsCommand.newBuilder().setCount(command.count()));
        }

        @Override
        public Command.Builder drainBroker(MetadataCommand.DrainBroker command) {
            return message.setDrainBroker(DrainBrokerCommand.newBuilder()
                    .setBrokerId(command.brokerId())
                    .setDraining(command.draining()));
        }

        @Override
        public Command.Builder fenceBroker(MetadataCommand.FenceBroker command) {
            return message.setFenceBroker(FenceBrokerCommand.newBuilder()
                    .setBrokerId(command.brokerId())
                    .setDirectoryId(command.directoryId())
                    .setSinceMillis(command.sinceMillis()));
        }

        @Override
        public Command.Builder startOperation(MetadataCommand.StartOperation command) {
            return message.setStartOperation(StartOperationCommand.newBuilder()
                    .setId(ImageFormat.bytesOf(command.id()))
                    .setJob(OperationFormat.messageOf(command.job()))
                    .setProposedAtMillis(command.proposedAtMillis()));
        }

        @Override
        public Command.Builder endOperation(MetadataCommand.EndOperation command) {
            return message.setEndOperation(EndOperationCommand.newBuilder()
                    .setId(ImageFormat.bytesOf(command.id()))
                    .setPhase(OperationFormat.phaseOf(command.state()))
                    .setMessage(command.message())
                    .setProposedAtMillis(command.proposedAtMillis()));
        }

        @Override
        public Command.Builder assignTargets(MetadataCommand.AssignTargets command) {
            AssignTargetsCommand.Builder targets = AssignTargetsCommand.newBuilder();
            command.targets().forEach(target -> targets.addTargets(OperationFormat.messageOf(target)));
            return message.setAssignTargets(targets);
        }

        @Override
        public Command.Builder changeGroups(MetadataCommand.ChangeGroups command) {
            return message.setChangeGroups(GroupCommandFormat.messageOf(command.change()));
        }
    }
}
