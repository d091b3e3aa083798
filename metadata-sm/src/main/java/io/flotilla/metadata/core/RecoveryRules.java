package io.flotilla.metadata.core;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When a partition may be recovered from one replica, and what that does. It gives up what the other voters alone had,
 * so it is refused as long as a majority of them is heard of: such a group elects its leader by itself.
 */
public final class RecoveryRules {
    private RecoveryRules() {}

    /** Why a recovery may not begin; empty if it may. */
    public static Optional<Rejected> refusalOf(MetadataImage image, Job.Recover job) {
        Optional<Topic> topic = image.topic(job.partition().topicId());
        Optional<PartitionAssignment> known =
                topic.flatMap(of -> of.partition(job.partition().partition()));
        if (known.isEmpty()) {
            return refused(job, "partition " + job.partition() + " does not exist; describe its topic");
        }
        String name = topic.get().name() + "-" + job.partition().partition();
        PartitionAssignment partition = known.get();
        if (partition.isRecovering()) {
            return refused(job, "partition " + name + " is being recovered already; list the operations");
        }
        List<PeerId> voters = partition.voters();
        if (!voters.contains(job.survivor())) {
            return refused(
                    job,
                    "broker " + job.survivor().nodeId() + " has no replica of partition " + name
                            + " that votes; name one of " + brokers(voters));
        }
        List<PeerId> live = live(image, voters);
        if (live.size() > voters.size() / 2) {
            return refused(
                    job,
                    "a majority of the replicas of partition " + name + " lives: those on brokers " + brokers(live)
                            + " of " + brokers(voters) + ". Nothing has to be given up: it elects a leader by itself."
                            + " To have its replicas elsewhere, move it: flotilla partition move "
                            + topic.get().name() + " " + partition.partition() + " --to BROKERS");
        }
        if (!live.contains(job.survivor())) {
            return refused(
                    job,
                    "broker " + job.survivor().nodeId() + " is not heard of, so partition " + name
                            + " cannot go on from it; "
                            + (live.isEmpty() ? "start one of " + brokers(voters) : "name one of " + brokers(live)));
        }
        if (partition.incarnation() + 1 != job.incarnation()
                || !PartitionAssignment.sameMembers(voters, votersOf(job))) {
            return refused(job, "the replicas of partition " + name + " have changed meanwhile; look at them again");
        }
        return Optional.empty();
    }

    private static List<PeerId> votersOf(Job.Recover job) {
        return Stream.concat(Stream.of(job.survivor()), job.givenUp().stream()).toList();
    }

    /** Those that the metadata's leader hears of. */
    static List<PeerId> live(MetadataImage image, List<PeerId> peers) {
        return peers.stream()
                .filter(peer -> image.brokerOf(peer)
                        .filter(broker -> !broker.status().isFenced())
                        .isPresent())
                .toList();
    }

    private static Optional<Rejected> refused(Job.Recover job, String message) {
        return Refusals.refused(
                message,
                Map.of(
                        "partition", job.partition().toString(),
                        "broker_id", Integer.toString(job.survivor().nodeId())));
    }

    /** From now on the survivor is the partition's only replica, and founds its next incarnation. */
    static MetadataImage begin(MetadataImage before, Job.Recover job) {
        Topic topic = before.topic(job.partition().topicId()).orElseThrow();
        List<PartitionAssignment> partitions = new ArrayList<>(topic.partitions());
        int number = job.partition().partition();
        partitions.set(number, partitions.get(number).recoveredFrom(job.survivor()));
        return before.with(List.of(topic.withPartitions(partitions)));
    }

    /** Writes down with what those partitions go on that were recovering and are led since these reports. */
    static MetadataImage noted(MetadataImage before, MetadataImage after, List<LeaderReport> reports) {
        List<Operation> operations = new ArrayList<>(after.operations());
        operations.replaceAll(operation ->
                operation.isRunning() && operation.job() instanceof Job.Recover job && isOver(before, after, job)
                        ? operation.saying(outcome(job, reports))
                        : operation);
        return operations.equals(after.operations())
                ? after
                : after.withOperations(operations).asVersionAfter(before);
    }

    private static boolean isOver(MetadataImage before, MetadataImage after, Job.Recover job) {
        return before.partition(job.partition())
                        .filter(PartitionAssignment::isRecovering)
                        .isPresent()
                && after.partition(job.partition())
                        .filter(partition -> !partition.isRecovering())
                        .isPresent();
    }

    private static String outcome(Job.Recover job, List<LeaderReport> reports) {
        return reports.stream()
                .filter(report ->
                        report.partition().equals(job.partition()) && report.incarnation() == job.incarnation())
                .findFirst()
                .map(report -> "broker " + report.brokerId() + " leads since epoch " + report.epoch()
                        + " with the records before offset " + report.keptEnd() + ", which it had; what only brokers "
                        + brokers(job.givenUp()) + " had is lost")
                .orElse("");
    }

    private static String brokers(List<PeerId> peers) {
        return peers.stream().map(peer -> Integer.toString(peer.nodeId())).collect(Collectors.joining(","));
    }
}
