package io.flotilla.broker;

import io.flotilla.broker.health.ReplicaHealth;
import io.flotilla.broker.metrics.Metric;
import io.flotilla.broker.metrics.Samples;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.ReplicaStatistics;
import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.Leadership;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a broker's replicas tell at each scrape: sums, and the first so many one by one. The topic's name and the number
 * decide which are the first, so that the same ones are told each time.
 */
final class ReplicaSamples {
    private final int toldMax;

    /**
     * @param toldMax replicas that are told one by one, 0 or more
     */
    ReplicaSamples(int toldMax) {
        this.toldMax = toldMax;
    }

    /** A replica under its topic's name. */
    private record Named(String topic, ReplicaStatistics replica) {
        private static final Comparator<Named> ORDER = Comparator.comparing(Named::topic)
                .thenComparing(named -> named.replica().id().partition());
    }

    void tell(Samples samples, MetadataImage image, List<ReplicaStatistics> replicas, int replicasMax) {
        tellSums(samples, replicas);
        samples.tell(Metric.REPLICAS_MAX, replicasMax);
        // A replica whose topic was deleted goes in a moment: it is counted, but has no name any more.
        List<Named> named = replicas.stream()
                .flatMap(replica -> image.topic(replica.id().topicId()).map(Topic::name).stream()
                        .map(topic -> new Named(topic, replica)))
                .sorted(Named.ORDER)
                .toList();
        named.stream().limit(toldMax).forEach(one -> tell(samples, one));
        samples.tell(Metric.PARTITIONS_UNTOLD, Math.max(0, named.size() - toldMax));
    }

    private static void tellSums(Samples samples, List<ReplicaStatistics> replicas) {
        for (Leadership.Role role : Leadership.Role.values()) {
            long count = replicas.stream()
                    .filter(replica -> replica.leadership().role() == role)
                    .count();
            samples.tell(Metric.REPLICAS, count, role.name().toLowerCase(Locale.ROOT));
        }
        samples.tell(
                Metric.LEADERLESS,
                replicas.stream()
                        .map(ReplicaStatistics::leadership)
                        .filter(known -> known.role() != Leadership.Role.STOPPED
                                && known.leader().isEmpty())
                        .count());
        samples.tell(
                Metric.UNDER_REPLICATED,
                replicas.stream()
                        .filter(replica -> ReplicaHealth.isUnderReplicated(replica.leadership(), replica.progress()))
                        .count());
        samples.tell(
                Metric.NOT_CAUGHT_UP,
                progressOf(replicas).filter(ReplicaHealth::isLagging).count());
        samples.tell(Metric.LOG_BYTES, sum(replicas, ReplicaStatistics::logBytes));
        samples.tell(Metric.LOG_SEGMENTS, sum(replicas, ReplicaStatistics::logSegments));
        samples.tell(Metric.APPEND_PENDING, sum(replicas, ReplicaStatistics::pendingBytes));
    }

    private static Stream<GroupProgress> progressOf(List<ReplicaStatistics> replicas) {
        return replicas.stream().map(ReplicaStatistics::progress).flatMap(Optional::stream);
    }

    private static long sum(List<ReplicaStatistics> replicas, ToLongFunction<ReplicaStatistics> value) {
        return replicas.stream().mapToLong(value).sum();
    }

    private static void tell(Samples samples, Named named) {
        ReplicaStatistics replica = named.replica();
        String topic = named.topic();
        String partition = Integer.toString(replica.id().partition());
        boolean leads = replica.leadership().isLeader();
        samples.tell(Metric.PARTITION_LEADER, leads, topic, partition);
        samples.tell(Metric.PARTITION_TERM, replica.leadership().term(), topic, partition);
        samples.tell(Metric.PARTITION_START, replica.logStartOffset(), topic, partition);
        samples.tell(Metric.PARTITION_END, replica.highWatermark(), topic, partition);
        samples.tell(Metric.PARTITION_BYTES, replica.logBytes(), topic, partition);
        samples.tell(Metric.PARTITION_PENDING, replica.pendingBytes(), topic, partition);
        replica.progress().ifPresent(progress -> {
            samples.tell(Metric.PARTITION_COMMITTED, progress.committedIndex(), topic, partition);
            samples.tell(Metric.PARTITION_APPLY_LAG, progress.applyLag(), topic, partition);
            if (leads) {
                long slowest = progress.followers().stream()
                        .mapToLong(progress::lagOf)
                        .max()
                        .orElse(0);
                samples.tell(Metric.PARTITION_FOLLOWER_LAG, slowest, topic, partition);
            }
        });
    }
}
