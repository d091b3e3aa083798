package io.flotilla.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Each fault takes effect, and no acknowledged record is lost by it. */
@FlotillaTest(brokers = 3)
class FaultHooksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final EmbeddedCluster cluster;
    private final FlotillaClient client;
    private TopicPartition partition = new TopicPartition("unnamed", 0);

    FaultHooksTest(EmbeddedCluster cluster, FlotillaClient client) {
        this.cluster = cluster;
        this.client = client;
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        partition = new TopicPartition(name, 0);
        client.admin().createTopic(NewTopic.of(name, 1, 3));
    }

    @AfterEach
    void mend() throws Exception {
        for (int node = 1; node <= 3; node++) {
            cluster.heal(node);
            cluster.resume(node);
            int id = node;
            if (cluster.brokers().stream().noneMatch(broker -> broker.nodeId() == id)) {
                cluster.restart(node);
            }
        }
    }

    private int awaitLeader() {
        await().atMost(PATIENCE).until(() -> leader() > 0);
        return leader();
    }

    private int leader() {
        return cluster.leaderOf(partition.topic(), 0).orElse(0);
    }

    private int awaitLeaderOtherThan(int former) {
        await().atMost(PATIENCE).until(() -> leader() > 0 && leader() != former);
        return leader();
    }

    private boolean believesToLead(int node) {
        return cluster.brokers().stream()
                .filter(broker -> broker.nodeId() == node)
                .anyMatch(broker -> broker.leadershipTerm(partition.topic(), 0).isPresent());
    }

    private long highWatermarkAt(int node) {
        return client.admin().describeBroker(node).replicas().stream()
                .filter(replica -> replica.partition().equals(partition))
                .mapToLong(ReplicaDescription::highWatermark)
                .findFirst()
                .orElse(-1);
    }

    private void awaitEqualReplicas(long end) {
        for (int node = 1; node <= 3; node++) {
            int id = node;
            await().atMost(PATIENCE).ignoreExceptions().until(() -> highWatermarkAt(id) == end);
        }
    }

    @Test
    void shouldTakeTheLeadershipFromALeaderThatIsCutOffAndLetItCatchUp() throws Exception {
        try (AcknowledgedRecords records = new AcknowledgedRecords(client, partition)) {
            records.write(20);
            awaitEqualReplicas(20);
            int cutOff = awaitLeader();

            cluster.cut(cutOff);
            awaitLeaderOtherThan(cutOff);
            await().atMost(PATIENCE).until(() -> !believesToLead(cutOff));
            records.write(20);
            assertThat(highWatermarkAt(cutOff)).isEqualTo(20); // clients reach it, brokers do not

            cluster.heal(cutOff);
            records.write(1);
            awaitEqualReplicas(41);
            assertThat(records.stored()).containsExactlyElementsOf(records.acknowledged());
        }
    }

    @Test
    void shouldLeaveTheLeaderWithoutTheOneFollowerThatIsCutFromIt() throws Exception {
        try (AcknowledgedRecords records = new AcknowledgedRecords(client, partition)) {
            records.write(5);
            awaitEqualReplicas(5);
            int leader = awaitLeader();
            int follower = leader % 3 + 1;

            cluster.cut(leader, follower);
            records.write(20);
            assertThat(highWatermarkAt(follower)).isEqualTo(5);

            cluster.heal(leader, follower);
            records.write(1);
            awaitEqualReplicas(26);
            assertThat(records.stored()).containsExactlyElementsOf(records.acknowledged());
        }
    }

    @Test
    void shouldGoOnWithoutALeaderThatIsPaused() throws Exception {
        try (AcknowledgedRecords records = new AcknowledgedRecords(client, partition)) {
            records.write(20);
            int paused = awaitLeader();

            cluster.pause(paused);
            try (FlotillaClient onlyPaused = FlotillaClient.connect(
                    ClientSettings.of(address(paused)).withRequestTimeout(Duration.ofSeconds(1)))) {
                assertThatThrownBy(() -> onlyPaused.admin().describeCluster())
                        .hasMessageContaining("no answer in time")
                        .isInstanceOf(LogException.class);
            }
            awaitLeaderOtherThan(paused);
            records.write(20);

            cluster.resume(paused);
            records.write(1);
            awaitEqualReplicas(41);
            assertThat(records.stored()).containsExactlyElementsOf(records.acknowledged());
        }
    }

    private String address(int node) {
        return cluster.brokers().stream()
                .filter(broker -> broker.nodeId() == node)
                .map(broker -> broker.grpc().toString())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldTakeBackABrokerThatWasKilled() throws Exception {
        try (AcknowledgedRecords records = new AcknowledgedRecords(client, partition)) {
            records.write(20);
            int killed = awaitLeader();

            cluster.kill(killed);
            assertThat(cluster.brokers()).hasSize(2);
            awaitLeaderOtherThan(killed);
            records.write(20);

            cluster.restart(killed);
            records.write(1);
            awaitEqualReplicas(41);
            assertThat(records.stored()).containsExactlyElementsOf(records.acknowledged());
        }
    }

    @Test
    void shouldFindEveryAcknowledgedRecordAfterAllBrokersWereKilled() throws Exception {
        try (AcknowledgedRecords records = new AcknowledgedRecords(client, partition)) {
            records.write(50);

            List.of(1, 2, 3).forEach(cluster::kill);
            List<Thread> restarts = List.of(1, 2, 3).stream()
                    .map(node -> new Thread(() -> restart(node), "restart-" + node))
                    .toList();
            restarts.forEach(Thread::start);
            for (Thread restart : restarts) {
                restart.join(PATIENCE.toMillis());
            }

            assertThat(cluster.brokers()).hasSize(3);
            assertThat(records.stored()).containsExactlyElementsOf(records.acknowledged());
        }
    }

    private void restart(int node) {
        try {
            cluster.restart(node);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void shouldNameBrokersThatDoNotExist() {
        assertThatThrownBy(() -> cluster.pause(4)).hasMessage("node id 4 is outside [1, 3]");
        assertThatThrownBy(() -> cluster.cut(1, 1)).hasMessageContaining("between broker 1 and itself");
    }
}
