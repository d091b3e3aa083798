package io.flotilla.broker;

import io.flotilla.broker.health.HealthReport;
import io.flotilla.broker.health.Problem;
import io.flotilla.broker.health.ReplicaHealth;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.ReplicaStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a broker is alive, which whoever restarts it asks, and ready, which whoever restarts the next one asks.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class BrokerHealth {
    private static final String BROKER = "broker";
    private static final String METADATA = "metadata";

    private volatile @Nullable String notServing =
            "it looks for its cluster at the seeds; the log tells for whom it waits";
    private volatile @Nullable Throwable failure;
    private volatile @Nullable ClusterMember member;

    /** It has found its cluster and is about to register. */
    void joined(ClusterMember joined) {
        member = joined;
        notServing = "it is not registered with the cluster yet";
    }

    /** It is registered, knows the cluster's metadata and serves clients. */
    void serving() {
        notServing = null;
    }

    /** It stops in order. */
    void stopping() {
        notServing = "it is stopping";
        member = null;
    }

    /** It cannot go on, or could not start. */
    void failed(Throwable reason) {
        failure = reason;
    }

    /** Fails once the broker can only be restarted. */
    HealthReport alive() {
        List<Problem> problems = new ArrayList<>();
        Throwable fatal = failure;
        if (fatal != null) {
            problems.add(new Problem(BROKER, "it cannot go on: " + fatal.getMessage()));
        }
        ClusterMember running = member;
        if (running != null) {
            running.metadataFailure()
                    .ifPresent(reason -> problems.add(
                            new Problem(METADATA, "this broker's replica has failed: " + reason.getMessage())));
        }
        return new HealthReport(problems);
    }

    /** Fails while the broker does not do its part: not registered, or a group here without a leader or behind. */
    HealthReport ready() {
        HealthReport alive = alive();
        String reason = notServing;
        ClusterMember running = member;
        if (!alive.isGood()) {
            return alive;
        }
        if (reason != null || running == null) {
            return new HealthReport(List.of(new Problem(BROKER, reason == null ? "it is stopping" : reason)));
        }
        List<Problem> problems = new ArrayList<>();
        metadataProblem(running).ifPresent(problems::add);
        addReplicaProblems(running, problems);
        return new HealthReport(problems);
    }

    private static Optional<Problem> metadataProblem(ClusterMember running) {
        Optional<String> reason = running.voter()
                .map(voter -> ReplicaHealth.notReady(voter.leadership(), voter.failure(), voter.progress()))
                .orElseGet(() -> running.metadata().quorum().leader().isPresent()
                        ? Optional.empty()
                        : Optional.of("no leader of the cluster's metadata is known"));
        return reason.map(why -> new Problem(METADATA, why));
    }

    private static void addReplicaProblems(ClusterMember running, List<Problem> problems) {
        MetadataImage image = running.metadata().image();
        Map<PartitionId, ReplicaStatistics> present = running.partitions().statistics().stream()
                .collect(Collectors.toMap(ReplicaStatistics::id, Function.identity()));
        for (Topic topic : image.topics().values()) {
            topic.partitions().stream()
                    .filter(assignment -> assignment.replicas().contains(running.self()))
                    .forEach(assignment -> {
                        ReplicaStatistics replica = present.get(topic.partitionId(assignment.partition()));
                        Optional<String> reason = replica == null
                                ? Optional.of("its replica is not open yet")
                                : ReplicaHealth.notReady(replica.leadership(), replica.failure(), replica.progress());
                        reason.ifPresent(why -> problems.add(
                                new Problem("partition " + topic.name() + "-" + assignment.partition(), why)));
                    });
        }
    }
}
