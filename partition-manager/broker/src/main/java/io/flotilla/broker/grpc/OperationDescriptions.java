package io.flotilla.broker.grpc;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.OperationProgress;
import io.flotilla.protocol.v1.DecommissionJob;
import io.flotilla.protocol.v1.GetOperationResponse;
import io.flotilla.protocol.v1.MoveJob;
import io.flotilla.protocol.v1.MovingPartition;
import io.flotilla.protocol.v1.Operation;
import io.flotilla.protocol.v1.OperationState;
import io.flotilla.protocol.v1.RebalanceJob;
import io.flotilla.protocol.v1.RecoverJob;
import io.flotilla.protocol.v1.ReplicationJob;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.UUID;

/** Operations as clients see them; what remains to be done follows from the image. */
final class OperationDescriptions {
    private final MetadataImage image;

    private OperationDescriptions(MetadataImage image) {
        this.image = image;
    }

    static Operation describe(io.flotilla.metadata.Operation operation, MetadataImage image) {
        return new OperationDescriptions(image).described(operation, remaining(operation, image));
    }

    /**
     * @param partitionsMax how many remaining partitions are told of
     */
    static GetOperationResponse describe(
            io.flotilla.metadata.Operation operation, MetadataImage image, int partitionsMax) {
        OperationDescriptions descriptions = new OperationDescriptions(image);
        List<PartitionId> remaining = remaining(operation, image);
        GetOperationResponse.Builder response =
                GetOperationResponse.newBuilder().setOperation(descriptions.described(operation, remaining));
        for (PartitionId id : remaining.subList(0, Math.min(partitionsMax, remaining.size()))) {
            image.partition(id).ifPresent(assignment -> response.addRemaining(descriptions.moving(id, assignment)));
        }
        return response.build();
    }

    private static List<PartitionId> remaining(io.flotilla.metadata.Operation operation, MetadataImage image) {
        return operation.isRunning()
                ? OperationProgress.of(image, operation.job()).remaining()
                : List.of();
    }

    private Operation described(io.flotilla.metadata.Operation operation, List<PartitionId> remaining) {
        Operation.Builder description = Operation.newBuilder()
                .setOperationId(WireIds.text(operation.id()))
                .setState(stateOf(operation.state()))
                .setStartedAt(WireTimes.timestamp(operation.startedAtMillis()))
                .setPartitionsAtStart(operation.partitionsAtStart())
                .setPartitionsRemaining(remaining.size())
                .setMessage(message(operation));
        if (!operation.isRunning()) {
            description.setEndedAt(WireTimes.timestamp(operation.endedAtMillis()));
        }
        return operation.job().match(new Jobs(description)).build();
    }

    /** Partitions do not show that a broker has yet to stop voting. */
    private String message(io.flotilla.metadata.Operation operation) {
        boolean votes = operation.isRunning()
                && OperationProgress.of(image, operation.job()).votes();
        if (!votes) {
            return operation.message();
        }
        List<Integer> successors = image.metadataVoters().target().stream()
                .filter(peer -> !image.metadataVoters().voters().contains(peer))
                .map(PeerId::nodeId)
                .toList();
        return "the broker still votes on the cluster's metadata; "
                + (image.metadataVoters().target().isEmpty()
                        ? "it waits for a broker in service that can take its place"
                        : successors.isEmpty()
                                ? "it is being taken out"
                                : "brokers " + successors + " are to follow it");
    }

    private static OperationState stateOf(io.flotilla.metadata.Operation.State state) {
        return switch (state) {
            case RUNNING -> OperationState.OPERATION_STATE_RUNNING;
            case DONE -> OperationState.OPERATION_STATE_DONE;
            case FAILED -> OperationState.OPERATION_STATE_FAILED;
            case CANCELLED -> OperationState.OPERATION_STATE_CANCELLED;
        };
    }

    private MovingPartition moving(PartitionId id, PartitionAssignment assignment) {
        return MovingPartition.newBuilder()
                .setPartition(name(id))
                .addAllReplicaBrokerIds(brokerIds(assignment.replicas()))
                .addAllTargetBrokerIds(brokerIds(assignment.target()))
                .addAllVoterBrokerIds(brokerIds(assignment.voters()))
                .build();
    }

    static List<Integer> brokerIds(List<PeerId> peers) {
        return peers.stream().map(PeerId::nodeId).toList();
    }

    private TopicPartition name(PartitionId id) {
        return TopicPartition.newBuilder()
                .setTopic(name(id.topicId()))
                .setPartition(id.partition())
                .build();
    }

    private String name(UUID topicId) {
        return image.topic(topicId).map(Topic::name).orElseGet(() -> WireIds.text(topicId));
    }

    private final class Jobs implements Job.Cases<Operation.Builder> {
        private final Operation.Builder description;

        Jobs(Operation.Builder description) {
            this.description = description;
        }

        @Override
        public Operation.Builder decommission(Job.Decommission job) {
            return description.setDecommission(DecommissionJob.newBuilder().setBrokerId(job.brokerId()));
        }

        @Override
        public Operation.Builder move(Job.Move job) {
            return description.setMove(MoveJob.newBuilder()
                    .setPartition(name(job.partition()))
                    .addAllBrokerIds(brokerIds(job.replicas())));
        }

        @Override
        public Operation.Builder changeReplication(Job.ChangeReplication job) {
            return description.setReplication(ReplicationJob.newBuilder()
                    .setTopic(name(job.topicId()))
                    .setReplicationFactor(job.replicationFactor()));
        }

        @Override
        public Operation.Builder rebalance(Job.Rebalance job) {
            return description.setRebalance(RebalanceJob.getDefaultInstance());
        }

        @Override
        public Operation.Builder recover(Job.Recover job) {
            return description.setRecover(RecoverJob.newBuilder()
                    .setPartition(name(job.partition()))
                    .setSurvivorBrokerId(job.survivor().nodeId())
                    .addAllGivenUpBrokerIds(brokerIds(job.givenUp())));
        }
    }
}
