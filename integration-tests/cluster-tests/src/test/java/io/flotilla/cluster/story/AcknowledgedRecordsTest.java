package io.flotilla.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.NewTopic;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Verdict;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, once, unchanged, in order, and alike on all replicas: whatever is killed. */
final class AcknowledgedRecordsTest {
    private static final int BROKERS = 3;
    private static final int PARTITIONS = 3;
    private static final long SEED = 42;
    private static final int PROOF = 300;
    private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SERVICE_TIMEOUT = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ProcessCluster cluster;

    @BeforeAll
    static void startCluster(@TempDir Path folder) throws IOException {
        cluster = ProcessCluster.start(ClusterSettings.of(BROKERS, folder).withHeapMib(256));
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void shouldSurviveTheKillOfALeaderWhileProducersWrite() throws IOException {
        try (Traffic traffic = trafficOn("leader-killed")) {
            int leader = cluster.leaders().busiest("leader-killed");
            cluster.kill9(leader);

            assertThat(cluster.leaders().await("leader-killed", PARTITIONS, LEADERS_TIMEOUT))
                    .doesNotContainValue(leader);
            traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);
            cluster.start(leader);
            traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);

            assertKept("leader-killed", traffic.finish());
        }
    }

    @Test
    void shouldSurviveTheKillOfAllBrokersAtOnceWhileProducersWrite() throws IOException {
        try (Traffic traffic = trafficOn("all-killed")) {
            cluster.killAll9();
            cluster.startAll();
            traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);

            assertKept("all-killed", traffic.finish());
        }
    }

    @Test
    void shouldLoseNothingInARollingRestart() throws IOException {
        try (Traffic traffic = trafficOn("restarted")) {
            for (int id : cluster.brokerIds()) {
                cluster.stop(id);
                cluster.start(id);
                traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);
            }

            assertKept("restarted", traffic.finish());
        }
    }

    private static Traffic trafficOn(String topic) {
        cluster.client().admin().createTopic(NewTopic.of(topic, PARTITIONS, BROKERS));
        cluster.leaders().await(topic, PARTITIONS, LEADERS_TIMEOUT);
        Traffic traffic =
                Traffic.start(cluster.client(), new TrafficSettings(topic, PARTITIONS, 2, 75, 16, 16 << 10, SEED));
        traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);
        return traffic;
    }

    private static void assertKept(String topic, History history) throws IOException {
        Verdict verdict = HistoryChecker.check(history, 2 * PROOF);
        assertThat(verdict.violated()).as("seed %d: %s", SEED, verdict).isEmpty();

        SegmentDigests.awaitSettled(cluster.client().admin(), topic, SERVICE_TIMEOUT);
        List<SegmentDigests.PartitionDigests> digests =
                SegmentDigests.of(cluster.client().admin().describeTopic(topic), cluster::dataDirectory);
        assertThat(digests).hasSize(PARTITIONS).allSatisfy(partition -> {
            assertThat(partition.identical()).as("%s", partition).isTrue();
            assertThat(partition.replicas().values())
                    .allSatisfy(replica -> assertThat(replica.bytes()).isPositive());
        });
    }
}
