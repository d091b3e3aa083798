package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.BrokerStatus;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.Groups;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** The rules of cluster metadata: no clock, randomness, I/O or logger, so replay repeats history exactly. */
public final class Transition implements MetadataCommand.Cases<Applied> {
    private final MetadataImage before;
    private final Groups groups;

    private Transition(MetadataImage before, Groups groups) {
        this.before = before;
        this.groups = groups;
    }

    public static Applied apply(MetadataImage before, Groups groups, MetadataCommand command) {
        return command.match(new Transition(before, groups));
    }

    /** The same where there are no consumer groups. */
    public static Applied apply(MetadataImage before, MetadataCommand command) {
        return apply(before, Groups.NONE, command);
    }

    @Override
    public Applied changeGroups(MetadataCommand.ChangeGroups command) {
        return GroupTransition.apply(before, groups, command.change());
    }

    /**
     * The directory's peer id is what votes, so a registration never touches assignments: after a wipe the replicas
     * stay assigned to the old peer, which no longer exists and cannot vote with amnesia, until a membership change
     * replaces it. See {@link RegistrationRules} for who may take over an id.
     */
    @Override
    public Applied registerBroker(MetadataCommand.RegisterBroker command) {
        Optional<BrokerRegistration> earlier = before.broker(command.id());
        Optional<Outcome.Rejected> refusal =
                RegistrationRules.refusalOf(before, command).or(() -> FeatureRules.refusalOf(before, command));
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        long registeredAtMillis = earlier.filter(broker -> broker.directoryId().equals(command.directoryId()))
                .map(BrokerRegistration::registeredAtMillis)
                .orElse(command.proposedAtMillis());
        BrokerRegistration broker = new BrokerRegistration(
                command.id(),
                command.directoryId(),
                command.grpc(),
                command.raft(),
                command.rack(),
                registeredAtMillis,
                command.replicasMax(),
                command.levels(),
                earlier.map(BrokerRegistration::status)
                        .orElse(BrokerStatus.IN_SERVICE)
                        .fencedSince(0));
        if (earlier.equals(Optional.of(broker))) {
            return Applied.accepted(before, new Result.BrokerRegistered(broker));
        }
        MetadataImage after = before.withFeatureLevel(FeatureRules.levelWith(before, command))
                .with(broker)
                .asVersionAfter(before);
        return Applied.accepted(after, new Result.BrokerRegistered(broker));
    }

    /** The same command proposed twice, after an unknown outcome, answers with the topic it made the first time. */
    @Override
    public Applied createTopic(MetadataCommand.CreateTopic command) {
        Optional<Topic> made =
                before.topic(command.id()).filter(topic -> topic.name().equals(command.name()));
        if (made.isPresent()) {
            return Applied.accepted(before, new Result.TopicCreated(made.get()));
        }
        Optional<Outcome.Rejected> refusal = TopicRules.refusalOf(before, command);
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        Placement placement = Placement.in(before);
        Optional<List<List<PeerId>>> placed = placement.place(command.partitionCount(), command.replicationFactor());
        if (placed.isEmpty()) {
            return Applied.rejected(before, noRoom(command, Placement.in(before).room()));
        }
        List<List<PeerId>> replicas = placed.get();
        List<PartitionAssignment> partitions = IntStream.range(0, replicas.size())
                .mapToObj(partition -> PartitionAssignment.unled(partition, replicas.get(partition)))
                .toList();
        Topic topic =
                new Topic(command.id(), command.name(), command.replicationFactor(), command.config(), partitions);
        return Applied.accepted(before.with(List.of(topic)), new Result.TopicCreated(topic));
    }

    private static Outcome.Rejected noRoom(MetadataCommand.CreateTopic command, long room) {
        return new Outcome.Rejected(
                ErrorCode.INVALID_PARTITION_COUNT,
                "topic '" + command.name() + "' of " + command.partitionCount() + " partitions with "
                        + command.replicationFactor() + " replicas each does not fit: the brokers have room for " + room
                        + " more replicas; ask for fewer, add brokers, or give them more memory and a larger replicas.max",
                Map.of(
                        "partition_count", Integer.toString(command.partitionCount()),
                        "replicas_room", Long.toString(room)));
    }

    @Override
    public Applied deleteTopic(MetadataCommand.DeleteTopic command) {
        return DeletionRules.delete(before, command);
    }

    @Override
    public Applied undeleteTopic(MetadataCommand.UndeleteTopic command) {
        return DeletionRules.undelete(before, command);
    }

    @Override
    public Applied purgeTopic(MetadataCommand.PurgeTopic command) {
        return DeletionRules.purge(before, command);
    }

    @Override
    public Applied raiseFeatureLevel(MetadataCommand.RaiseFeatureLevel command) {
        return FeatureRules.raise(before, command);
    }

    @Override
    public Applied changeMetadataVoters(MetadataCommand.ChangeMetadataVoters command) {
        return VoterRules.change(before, command);
    }

    @Override
    public Applied addPartitions(MetadataCommand.AddPartitions command) {
        return GrowthRules.addPartitions(before, command);
    }

    @Override
    public Applied once(MetadataCommand.Once command) {
        return OnceRules.apply(before, groups, command);
    }

    @Override
    public Applied alterTopicConfig(MetadataCommand.AlterTopicConfig command) {
        return ConfigRules.alter(before, command);
    }

    /** One copy of the image however many reports there are, and none if nothing is news. */
    @Override
    public Applied reportLeaders(MetadataCommand.ReportLeaders command) {
        if (command.reports().size() > Limits.LEADER_REPORTS_MAX) {
            return Applied.rejected(
                    before,
                    new Outcome.Rejected(
                            ErrorCode.INVALID_REQUEST,
                            command.reports().size() + " leader reports in one command; send at most "
                                    + Limits.LEADER_REPORTS_MAX,
                            Map.of("reports", Integer.toString(command.reports().size()))));
        }
        Map<UUID, List<PartitionAssignment>> changed = new HashMap<>();
        int news = 0;
        for (LeaderReport report : command.reports()) {
            Optional<Topic> topic = before.topic(report.partition().topicId());
            int partition = report.partition().partition();
            if (topic.isEmpty() || partition >= topic.get().partitions().size()) {
                continue; // deleted in the meantime
            }
            List<PartitionAssignment> known =
                    changed.getOrDefault(topic.get().id(), topic.get().partitions());
            PartitionAssignment assignment = known.get(partition);
            PartitionAssignment reported = reported(assignment, report);
            if (!reported.equals(assignment)) {
                changed.computeIfAbsent(topic.get().id(), id -> new ArrayList<>(known))
                        .set(partition, reported);
                news++;
            }
        }
        if (changed.isEmpty()) {
            return Applied.accepted(before, new Result.LeadersReported(0));
        }
        List<Topic> topics = new ArrayList<>(changed.size());
        changed.forEach(
                (id, partitions) -> topics.add(before.topic(id).orElseThrow().withPartitions(partitions)));
        return Applied.accepted(
                RecoveryRules.noted(before, before.with(topics), command.reports()), new Result.LeadersReported(news));
    }

    private static PartitionAssignment reported(PartitionAssignment known, LeaderReport report) {
        // Raft elects at most one leader per term, so an equal epoch cannot bring another leader.
        boolean newEpoch = report.epoch() > known.leaderEpoch() && known.isOn(report.brokerId());
        if (report.incarnation() != known.incarnation()) {
            return known; // of a group that was given up, or by a broker that has seen it given up before this one did
        }
        boolean sameEpoch =
                report.epoch() == known.leaderEpoch() && known.leader().equals(Optional.of(report.brokerId()));
        if (!newEpoch && !sameEpoch) {
            return known;
        }
        PartitionAssignment led = newEpoch ? known.ledBy(report.brokerId(), report.epoch()) : known;
        return report.voters().isEmpty() || PartitionAssignment.sameMembers(report.voters(), led.voters())
                ? led
                : led.withVoters(report.voters());
    }

    @Override
    public Applied drainBroker(MetadataCommand.DrainBroker command) {
        return before.broker(command.brokerId())
                .map(broker -> changed(broker, broker.status().withDraining(command.draining())))
                .orElseGet(() -> Applied.rejected(before, Refusals.unknownBroker(command.brokerId())));
    }

    @Override
    public Applied fenceBroker(MetadataCommand.FenceBroker command) {
        return before.broker(command.brokerId())
                .map(broker -> broker.directoryId().equals(command.directoryId())
                        ? changed(broker, broker.status().fencedSince(command.sinceMillis()))
                        : Applied.accepted(before, new Result.BrokerChanged(broker)))
                .orElseGet(() -> Applied.rejected(before, Refusals.unknownBroker(command.brokerId())));
    }

    private Applied changed(BrokerRegistration broker, BrokerStatus status) {
        BrokerRegistration after = broker.with(status);
        return Applied.accepted(after.equals(broker) ? before : before.with(after), new Result.BrokerChanged(after));
    }

    @Override
    public Applied startOperation(MetadataCommand.StartOperation command) {
        return OperationRules.start(before, command);
    }

    @Override
    public Applied endOperation(MetadataCommand.EndOperation command) {
        return OperationRules.end(before, command);
    }

    @Override
    public Applied assignTargets(MetadataCommand.AssignTargets command) {
        Optional<Outcome.Rejected> refusal = TargetRules.refusalOf(before, command.targets());
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        TargetRules.Assigned assigned = TargetRules.assign(before, command.targets());
        return Applied.accepted(assigned.image(), new Result.TargetsAssigned(assigned.changed()));
    }

    @Override
    public Applied allocateProducerIds(MetadataCommand.AllocateProducerIds command) {
        if (command.count() < 1 || command.count() > Limits.PRODUCER_IDS_MAX) {
            return Applied.rejected(
                    before,
                    new Outcome.Rejected(
                            ErrorCode.INVALID_REQUEST,
                            "cannot allocate " + command.count() + " producer ids; ask for 1 to "
                                    + Limits.PRODUCER_IDS_MAX,
                            Map.of("count", Integer.toString(command.count()))));
        }
        long first = before.nextProducerId();
        return Applied.accepted(
                before.withNextProducerId(Math.addExact(first, command.count())),
                new Result.ProducerIdsAllocated(first, command.count()));
    }
}
