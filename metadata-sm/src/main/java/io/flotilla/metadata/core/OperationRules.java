package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataCommand.EndOperation;
import io.flotilla.metadata.MetadataCommand.StartOperation;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How long jobs begin and end. What happens in between is the controller's doing, and that of groups' leaders. */
final class OperationRules {
    private final MetadataImage before;

    private OperationRules(MetadataImage before) {
        this.before = before;
    }

    static Applied start(MetadataImage before, StartOperation command) {
        Optional<Operation> begun = before.operation(command.id());
        if (begun.isPresent()) {
            return Applied.accepted(before, new Result.OperationChanged(begun.get()));
        }
        OperationRules rules = new OperationRules(before);
        Optional<Rejected> refusal = rules.tooMany().or(() -> command.job().match(rules.new Refusal()));
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        MetadataImage prepared = command.job().match(rules.new Beginning());
        Operation operation = Operation.begun(
                command.id(),
                command.job(),
                command.proposedAtMillis(),
                OperationProgress.of(prepared, command.job()).remaining().size());
        List<Operation> all = new ArrayList<>(prepared.operations());
        all.add(operation);
        return Applied.accepted(
                prepared.withOperations(all).asVersionAfter(before), new Result.OperationChanged(operation));
    }

    static Applied end(MetadataImage before, EndOperation command) {
        Optional<Operation> known = before.operation(command.id());
        if (known.isEmpty()) {
            return Applied.rejected(
                    before,
                    new Rejected(
                            ErrorCode.UNKNOWN_OPERATION,
                            "there is no operation " + command.id() + "; list the operations to find its id",
                            Map.of("operation_id", command.id().toString())));
        }
        Operation operation = known.get();
        if (!operation.isRunning()) {
            return Applied.accepted(before, new Result.OperationChanged(operation));
        }
        OperationRules rules = new OperationRules(before);
        Optional<Rejected> refusal = rules.notEndedYet(operation, command);
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        MetadataImage finished =
                switch (command.state()) {
                    case DONE -> operation.job().match(rules.new Completion());
                    case CANCELLED, FAILED -> operation.job().match(rules.new PuttingBack());
                    case RUNNING -> before;
                };
        Operation ended = operation.ended(command.state(), command.proposedAtMillis(), command.message());
        return Applied.accepted(
                finished.withOperations(rules.kept(ended)).asVersionAfter(before), new Result.OperationChanged(ended));
    }

    private Optional<Rejected> tooMany() {
        long running = before.operations().stream().filter(Operation::isRunning).count();
        return running < Limits.OPERATIONS_RUNNING_MAX
                ? Optional.empty()
                : Refusals.conflict(
                        running + " operations run already, as many as may at one time; wait for one, or cancel it",
                        Map.of("running", Long.toString(running)));
    }

    private Optional<Rejected> notEndedYet(Operation operation, EndOperation command) {
        if (command.state() == Operation.State.RUNNING
                || command.message().length() > Limits.OPERATION_MESSAGE_LENGTH_MAX) {
            return Refusals.refused(
                    "operation " + command.id() + " cannot end as " + command.state() + " with a reason of "
                            + command.message().length() + " characters; the reason may have "
                            + Limits.OPERATION_MESSAGE_LENGTH_MAX,
                    Map.of("operation_id", command.id().toString()));
        }
        OperationProgress progress = OperationProgress.of(before, operation.job());
        if (command.state() == Operation.State.DONE && !progress.isDone()) {
            return Refusals.conflict(
                    "operation " + command.id() + " is not done: "
                            + progress.remaining().size() + " partitions remain"
                            + (progress.votes() ? ", and the broker still votes on the metadata" : ""),
                    Map.of("operation_id", command.id().toString()));
        }
        if (command.state() == Operation.State.CANCELLED && operation.job() instanceof Job.ChangeReplication) {
            return Refusals.conflict(
                    "a change of the replication factor cannot be cancelled; change it again instead",
                    Map.of("operation_id", command.id().toString()));
        }
        return Optional.empty();
    }

    /** The last few that have ended, and all that run. */
    private List<Operation> kept(Operation ended) {
        List<Operation> all = new ArrayList<>(before.operations());
        all.replaceAll(operation -> operation.id().equals(ended.id()) ? ended : operation);
        long superfluous =
                all.stream().filter(operation -> !operation.isRunning()).count() - Limits.OPERATIONS_ENDED_KEPT;
        for (var each = all.iterator(); superfluous > 0 && each.hasNext(); ) {
            if (!each.next().isRunning()) {
                each.remove();
                superfluous--;
            }
        }
        return all;
    }

    /** Why a job may not begin. */
    private final class Refusal implements Job.Cases<Optional<Rejected>> {
        @Override
        public Optional<Rejected> decommission(Job.Decommission job) {
            if (before.broker(job.brokerId()).isEmpty()) {
                return Optional.of(Refusals.unknownBroker(job.brokerId()));
            }
            if (isRunning(job)) {
                return Refusals.conflict(
                        "broker " + job.brokerId() + " is being decommissioned already; list the operations",
                        Map.of("broker_id", Integer.toString(job.brokerId())));
            }
            long staying = before.brokers().values().stream()
                    .filter(broker -> broker.id() != job.brokerId())
                    .filter(broker -> !broker.status().leaving())
                    .count();
            return before.topics().values().stream()
                    .filter(topic -> topic.replicationFactor() > staying)
                    .findFirst()
                    .map(topic -> new Rejected(
                            ErrorCode.INVALID_REPLICATION_FACTOR,
                            "broker " + job.brokerId() + " cannot leave: topic '" + topic.name() + "' has "
                                    + topic.replicationFactor() + " replicas of each partition and only " + staying
                                    + " brokers would stay; add a broker or lower the topic's replication factor",
                            Map.of("broker_id", Integer.toString(job.brokerId()), "topic", topic.name())))
                    .or(() -> VoterRules.refusalOf(before, job.brokerId()));
        }

        @Override
        public Optional<Rejected> move(Job.Move job) {
            Optional<PartitionAssignment> known = before.partition(job.partition());
            if (known.isEmpty()) {
                return Optional.of(new Rejected(
                        ErrorCode.UNKNOWN_PARTITION,
                        "partition " + job.partition() + " does not exist; describe its topic",
                        Map.of("partition", job.partition().toString())));
            }
            if (known.get().isMoving()) {
                return Refusals.conflict(
                        "partition " + job.partition() + " is moving to "
                                + known.get().target() + " already; wait for that, or cancel it",
                        Map.of("partition", job.partition().toString()));
            }
            return TargetRules.refusalOf(before, new TargetReplicas(job.partition(), job.replicas()));
        }

        @Override
        public Optional<Rejected> changeReplication(Job.ChangeReplication job) {
            Optional<Topic> topic = before.topic(job.topicId());
            if (topic.isEmpty()) {
                return Optional.of(new Rejected(
                        ErrorCode.UNKNOWN_TOPIC,
                        "there is no topic of id " + job.topicId() + "; list the topics",
                        Map.of("topic_id", job.topicId().toString())));
            }
            long usable = before.brokers().values().stream()
                    .filter(broker -> broker.status().isInService())
                    .count();
            if (job.replicationFactor() < 1
                    || job.replicationFactor() > Math.min(usable, Limits.REPLICATION_FACTOR_MAX)) {
                return Optional.of(new Rejected(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "topic '" + topic.get().name() + "' cannot have " + job.replicationFactor()
                                + " replicas of each partition; " + usable + " brokers are in service, and more than "
                                + Limits.REPLICATION_FACTOR_MAX + " are never allowed",
                        Map.of(
                                "replication_factor", Integer.toString(job.replicationFactor()),
                                "available_brokers", Long.toString(usable))));
            }
            return isRunningFor(job.topicId());
        }

        private Optional<Rejected> isRunningFor(UUID topicId) {
            boolean running = before.operations().stream()
                    .filter(Operation::isRunning)
                    .anyMatch(operation -> operation.job() instanceof Job.ChangeReplication other
                            && other.topicId().equals(topicId));
            return running
                    ? Refusals.conflict(
                            "the replication factor of topic " + topicId + " is being changed already; wait for that",
                            Map.of("topic_id", topicId.toString()))
                    : Optional.empty();
        }

        @Override
        public Optional<Rejected> rebalance(Job.Rebalance job) {
            return isRunning(job)
                    ? Refusals.conflict("the cluster is being rebalanced already; list the operations", Map.of())
                    : Optional.empty();
        }

        @Override
        public Optional<Rejected> recover(Job.Recover job) {
            return RecoveryRules.refusalOf(before, job);
        }

        private boolean isRunning(Job job) {
            return before.operations().stream()
                    .anyMatch(operation ->
                            operation.isRunning() && operation.job().equals(job));
        }
    }

    /** What a job changes at once. */
    private final class Beginning implements Job.Cases<MetadataImage> {
        @Override
        public MetadataImage decommission(Job.Decommission job) {
            return withLeaving(job, true);
        }

        @Override
        public MetadataImage move(Job.Move job) {
            return TargetRules.assign(before, List.of(new TargetReplicas(job.partition(), job.replicas())))
                    .image();
        }

        @Override
        public MetadataImage changeReplication(Job.ChangeReplication job) {
            Topic topic = before.topic(job.topicId()).orElseThrow();
            return before.with(List.of(topic.withReplicationFactor(job.replicationFactor())));
        }

        @Override
        public MetadataImage rebalance(Job.Rebalance job) {
            return before;
        }

        @Override
        public MetadataImage recover(Job.Recover job) {
            return RecoveryRules.begin(before, job);
        }
    }

    /** What is left to do when all partitions are where they shall be. */
    private final class Completion implements Job.Cases<MetadataImage> {
        @Override
        public MetadataImage decommission(Job.Decommission job) {
            return before.withoutBroker(job.brokerId());
        }

        @Override
        public MetadataImage move(Job.Move job) {
            return before;
        }

        @Override
        public MetadataImage changeReplication(Job.ChangeReplication job) {
            return before;
        }

        @Override
        public MetadataImage rebalance(Job.Rebalance job) {
            return before;
        }

        @Override
        public MetadataImage recover(Job.Recover job) {
            return before;
        }
    }

    /** What has moved already stays where it is; what is under way goes back. */
    private final class PuttingBack implements Job.Cases<MetadataImage> {
        @Override
        public MetadataImage decommission(Job.Decommission job) {
            MetadataImage staying = withLeaving(job, false);
            List<TargetReplicas> back = new ArrayList<>();
            for (Topic topic : staying.topics().values()) {
                for (PartitionAssignment partition : topic.partitions()) {
                    if (partition.isMoving()
                            && partition.replicas().stream().anyMatch(peer -> peer.nodeId() == job.brokerId())
                            && partition.target().stream().noneMatch(peer -> peer.nodeId() == job.brokerId())) {
                        back.add(new TargetReplicas(topic.partitionId(partition.partition()), partition.replicas()));
                    }
                }
            }
            return TargetRules.assign(staying, back).image();
        }

        @Override
        public MetadataImage move(Job.Move job) {
            return before.partition(job.partition())
                    .filter(PartitionAssignment::isMoving)
                    .map(partition -> TargetRules.assign(
                                    before, List.of(new TargetReplicas(job.partition(), partition.replicas())))
                            .image())
                    .orElse(before);
        }

        @Override
        public MetadataImage changeReplication(Job.ChangeReplication job) {
            return before;
        }

        @Override
        public MetadataImage rebalance(Job.Rebalance job) {
            return before;
        }

        /** What was given up stays so: the survivor may have founded its group already. */
        @Override
        public MetadataImage recover(Job.Recover job) {
            return before;
        }
    }

    private MetadataImage withLeaving(Job.Decommission job, boolean leaving) {
        return before.broker(job.brokerId())
                .map((BrokerRegistration broker) ->
                        before.with(broker.with(broker.status().withLeaving(leaving))))
                .orElse(before);
    }
}
