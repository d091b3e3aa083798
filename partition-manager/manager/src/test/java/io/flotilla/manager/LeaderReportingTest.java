package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaderReportingTest {
    private static final int SELF = 1;
    private static final LeaderReporterSettings SETTINGS = new LeaderReporterSettings(
            2,
            Duration.ofMillis(10),
            Duration.ofMillis(1_000),
            new Backoff(Duration.ofMillis(100), Duration.ofMillis(400)));

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final FakeReplicas replicas = new FakeReplicas();
    private final Topic topic = metadata.create("t", 3, 3);
    private final AtomicInteger answers = new AtomicInteger();
    private final LeaderReporting reporting = new LeaderReporting(metadata, replicas, SELF, SETTINGS);

    private void stepAt(long nowMillis) {
        assertThat(reporting.step(nowMillis, answers::incrementAndGet)).isBetween(1L, 10L);
    }

    private void lead(int partition, int epoch) {
        replicas.led.put(topic.partitionId(partition), epoch);
    }

    private PartitionAssignment shown(int partition) {
        return metadata.image().partition(topic.partitionId(partition)).orElseThrow();
    }

    @Test
    void shouldReportNewLeadershipsOnceInOneBatch() {
        lead(0, 1);
        lead(2, 4);

        stepAt(0);
        stepAt(10);
        stepAt(20);

        assertThat(metadata.submitted())
                .containsExactly(new ReportLeaders(List.of(
                        new LeaderReport(topic.partitionId(0), 1, SELF, List.of()),
                        new LeaderReport(topic.partitionId(2), 4, SELF, List.of()))));
        assertThat(shown(2).leader()).contains(SELF);
        assertThat(answers).hasValue(1);
    }

    @Test
    void shouldReportAgainInAHigherEpoch() {
        lead(0, 1);
        stepAt(0);
        lead(0, 3);
        stepAt(10);

        assertThat(shown(0).leaderEpoch()).isEqualTo(3);
    }

    @Test
    void shouldSendTheRestInFurtherCommands() {
        for (int partition = 0; partition < 3; partition++) {
            lead(partition, 1);
        }

        stepAt(0);
        stepAt(10);

        assertThat(metadata.submitted()).hasSize(2);
        assertThat(shown(2).leader()).contains(SELF);
    }

    @Test
    void shouldHaveOneCommandUnderWayAtATime() {
        CompletableFuture<Outcome> pending = new CompletableFuture<>();
        metadata.answerNext(pending);
        lead(0, 1);
        stepAt(0);
        stepAt(10_000);
        assertThat(metadata.submitted()).hasSize(1);

        pending.completeExceptionally(new Refused(ErrorCode.TIMEOUT, "outcome unknown"));
        assertThat(answers).hasValue(1);
        stepAt(10_010);
        stepAt(10_109);
        assertThat(metadata.submitted()).hasSize(1);
        stepAt(10_110);

        assertThat(metadata.submitted()).hasSize(2);
        assertThat(shown(0).leader()).contains(SELF);
    }

    @Test
    void shouldWaitForTheImageAndLosePatienceOnceItDoesNotCome() {
        metadata.lag();
        lead(0, 1);
        stepAt(0);
        stepAt(10);
        stepAt(1_009);
        assertThat(metadata.submitted()).hasSize(1);

        stepAt(1_010);
        assertThat(metadata.submitted()).hasSize(2);

        metadata.catchUp();
        stepAt(1_020);
        stepAt(9_999);
        assertThat(metadata.submitted()).hasSize(2);
    }

    @Test
    void shouldSayNothingOfWhatTheMetadataDoesNotAssignToIt() {
        PartitionId unknown = new PartitionId(new UUID(7, 7), 0);

        replicas.led.put(unknown, 1);
        assertThat(LeaderNews.of(metadata.image(), SELF, replicas, 10)).isEmpty();

        replicas.led.clear();
        replicas.led.put(topic.partitionId(0), 1);
        assertThat(LeaderNews.of(metadata.image(), 9, replicas, 10)).isEmpty();
    }

    @Test
    void shouldRunOnItsOwn() {
        try (LeaderReporter reporter = LeaderReporter.start(metadata, replicas, SELF, LeaderReporterSettings.DEFAULT)) {
            lead(1, 2);
            reporter.wake();

            await().untilAsserted(() -> assertThat(shown(1).leader()).contains(SELF));
        }
    }
}
