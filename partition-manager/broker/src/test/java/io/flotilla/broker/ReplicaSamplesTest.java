package io.flotilla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.metrics.BrokerMetrics;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.ReplicaStatistics;
import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.GroupProgress.Follower;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Leadership.Role;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaSamplesTest {
    private static final PeerId SELF = PeerId.of(1, "a");
    private static final PeerId OTHER = PeerId.of(2, "b");
    private static final Leadership LEADS = new Leadership(Role.LEADER, 7, Optional.of(SELF), true);
    private static final Leadership STOPPED = new Leadership(Role.STOPPED, 7, Optional.empty(), false);
    private static final Leadership ALONE = new Leadership(Role.CANDIDATE, 7, Optional.empty(), false);

    private final Topic orders = topic("orders", 3);
    private final Topic audit = topic("audit", 1);
    private final MetadataImage image = MetadataImage.of("c", 5, 0, List.of(), List.of(orders, audit));

    private static Topic topic(String name, int partitions) {
        return new Topic(
                UUID.randomUUID(),
                name,
                2,
                Map.of(),
                IntStream.range(0, partitions)
                        .mapToObj(number -> PartitionAssignment.unled(number, List.of(SELF, OTHER)))
                        .toList());
    }

    private static ReplicaStatistics replica(PartitionId id, Leadership leadership, Duration silence) {
        Follower follower = new Follower(OTHER, 90, silence);
        return new ReplicaStatistics(
                id,
                leadership,
                Optional.empty(),
                10,
                200,
                5_000,
                2,
                300,
                Optional.of(new GroupProgress(1, 100, 98, 97, leadership.isLeader() ? List.of(follower) : List.of())));
    }

    private List<String> scraped(int toldMax, ReplicaStatistics... replicas) {
        try (BrokerMetrics metrics = BrokerMetrics.open()) {
            ReplicaSamples source = new ReplicaSamples(toldMax);
            metrics.add(samples -> source.tell(samples, image, List.of(replicas), 256));
            return metrics.scrape().lines().toList();
        }
    }

    @Test
    void shouldSumOverAllReplicas() {
        List<String> lines = scraped(
                10,
                replica(orders.partitionId(0), LEADS, Duration.ofSeconds(1)),
                replica(orders.partitionId(1), LEADS, Duration.ofMinutes(1)),
                replica(orders.partitionId(2), ALONE, Duration.ZERO),
                replica(audit.partitionId(0), STOPPED, Duration.ZERO));

        assertThat(lines)
                .contains(
                        "flotilla_replicas{role=\"leader\"} 2.0",
                        "flotilla_replicas{role=\"candidate\"} 1.0",
                        "flotilla_replicas{role=\"stopped\"} 1.0",
                        "flotilla_replicas{role=\"follower\"} 0.0",
                        "flotilla_replicas_limit 256.0",
                        "flotilla_partitions_leaderless 1.0",
                        "flotilla_partitions_under_replicated 1.0",
                        "flotilla_log_bytes 20000.0",
                        "flotilla_log_segments 8.0",
                        "flotilla_append_pending_bytes 1200.0",
                        "flotilla_partitions_untold 0.0");
    }

    @Test
    void shouldTellReplicasOneByOneUpToTheLimit() {
        List<String> lines = scraped(
                2,
                replica(orders.partitionId(1), LEADS, Duration.ZERO),
                replica(orders.partitionId(0), LEADS, Duration.ZERO),
                replica(audit.partitionId(0), ALONE, Duration.ZERO));

        assertThat(lines)
                .contains(
                        "flotilla_partition_leader{partition=\"0\",topic=\"audit\"} 0.0",
                        "flotilla_partition_leader{partition=\"0\",topic=\"orders\"} 1.0",
                        "flotilla_partition_high_watermark{partition=\"0\",topic=\"orders\"} 200.0",
                        "flotilla_partition_apply_lag_entries{partition=\"0\",topic=\"orders\"} 1.0",
                        "flotilla_partition_follower_lag_entries{partition=\"0\",topic=\"orders\"} 10.0",
                        "flotilla_partitions_untold 1.0")
                .noneMatch(line -> line.contains("partition=\"1\""))
                .noneMatch(
                        line -> line.startsWith("flotilla_partition_follower_lag_entries") && line.contains("audit"));
    }

    @Test
    void shouldCountAReplicaWithoutATopicOnly() {
        List<String> lines = scraped(10, replica(new PartitionId(UUID.randomUUID(), 0), LEADS, Duration.ZERO));

        assertThat(lines)
                .contains("flotilla_replicas{role=\"leader\"} 1.0")
                .noneMatch(line -> line.startsWith("flotilla_partition_"));
    }
}
