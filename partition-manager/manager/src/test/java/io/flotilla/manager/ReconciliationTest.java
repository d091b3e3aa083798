package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
    private static final long INTERVAL_MILLIS = 5_000;
    private static final ReconcilerSettings SETTINGS = new ReconcilerSettings(
            2, Duration.ofMillis(INTERVAL_MILLIS), new Backoff(Duration.ofMillis(100), Duration.ofMillis(400)));

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final FakeReplicas replicas = new FakeReplicas();
    private final Reconciliation reconciliation = new Reconciliation(replicas, new PeerId("1-d1"), SETTINGS);

    private long stepAt(long nowMillis) {
        return reconciliation.step(metadata.image(), nowMillis);
    }

    @Test
    void shouldWorkInBoundedStepsUntilNothingIsLeft() {
        metadata.create("t", 5, 3);

        assertThat(stepAt(0)).isZero();
        assertThat(replicas.calls).containsExactly("create 0", "create 1");
        assertThat(stepAt(0)).isZero();
        assertThat(stepAt(0)).isEqualTo(INTERVAL_MILLIS);
        assertThat(replicas.present()).hasSize(5);

        assertThat(stepAt(1)).isEqualTo(INTERVAL_MILLIS);
        assertThat(replicas.calls).hasSize(5);
    }

    @Test
    void shouldDeleteBeforeItCreates() {
        metadata.create("old", 1, 3);
        stepAt(0);
        metadata.delete("old");
        Topic fresh = metadata.create("new", 2, 3);
        replicas.calls.clear();

        stepAt(1);

        assertThat(replicas.calls).containsExactly("delete 0", "create 0");
        stepAt(1);
        assertThat(replicas.present()).containsExactlyInAnyOrder(fresh.partitionId(0), fresh.partitionId(1));
    }

    @Test
    void shouldNotLetOneBrokenReplicaHoldUpTheOthers() {
        Topic topic = metadata.create("t", 4, 3);
        replicas.broken.add(topic.partitionId(0));
        replicas.broken.add(topic.partitionId(1));

        stepAt(0);
        stepAt(0);

        assertThat(replicas.present()).containsExactlyInAnyOrder(topic.partitionId(2), topic.partitionId(3));
    }

    @Test
    void shouldTryAgainAfterPausesThatGrow() {
        Topic topic = metadata.create("t", 1, 3);
        replicas.broken.add(topic.partitionId(0));

        assertThat(stepAt(0)).isEqualTo(100);
        assertThat(stepAt(50)).isEqualTo(50);
        assertThat(replicas.calls).hasSize(1);
        assertThat(stepAt(100)).isEqualTo(200);
        assertThat(stepAt(300)).isEqualTo(400);
        assertThat(stepAt(700)).isEqualTo(400);
        assertThat(replicas.calls).hasSize(4);

        replicas.broken.clear();
        assertThat(stepAt(1_100)).isEqualTo(INTERVAL_MILLIS);
        assertThat(replicas.present()).containsExactly(topic.partitionId(0));
    }

    @Test
    void shouldForgetTheTroubleOfAReplicaNobodyWantsAnyMore() {
        Topic topic = metadata.create("t", 1, 3);
        replicas.broken.add(topic.partitionId(0));
        stepAt(0);

        metadata.delete("t");

        assertThat(stepAt(1)).isEqualTo(INTERVAL_MILLIS);
    }

    @Test
    void shouldTellReplicasOfAnotherLargestBatch() {
        Topic topic = metadata.create("t", 1, 3);
        stepAt(0);

        metadata.change(new AlterTopicConfig("t", Map.of("max.message.bytes", "2048"), Set.of()));
        stepAt(1);

        assertThat(replicas.batchBytesMax).isEqualTo(Map.of(topic.partitionId(0), 2_048));
    }

    @Test
    void shouldWakeReadersOfADeletedTopicOnceEachTime() {
        Topic topic = metadata.create("t", 1, 3);
        stepAt(0);

        metadata.change(new DeleteTopic("t", 5, 10));
        stepAt(1);
        stepAt(2);
        assertThat(replicas.woken).containsExactly(topic.partitionId(0));

        metadata.change(new UndeleteTopic("t"));
        stepAt(3);
        metadata.change(new DeleteTopic("t", 5, 10));
        stepAt(4);
        assertThat(replicas.woken).hasSize(2);
        assertThat(replicas.present()).containsExactly(topic.partitionId(0));
    }

    @Test
    void shouldDoubleUpToTheLongestPause() {
        Backoff backoff = new Backoff(Duration.ofMillis(3), Duration.ofDays(1));

        assertThat(backoff.pauseMillis(1)).isEqualTo(3);
        assertThat(backoff.pauseMillis(5)).isEqualTo(48);
        assertThat(backoff.pauseMillis(Integer.MAX_VALUE)).isEqualTo(86_400_000);
    }
}
