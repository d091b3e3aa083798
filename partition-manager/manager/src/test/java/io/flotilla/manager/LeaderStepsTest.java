package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderStepsTest {
    private static final PeerId SELF = PeerId.of(1, "d1");
    private static final PeerId SECOND = PeerId.of(2, "d2");
    private static final PeerId THIRD = PeerId.of(3, "d3");
    private static final long RETURN_DELAY = 5_000;

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final FakeReplicas replicas = new FakeReplicas();
    private final LeaderSteps steps = new LeaderSteps(
            replicas,
            SELF,
            new LeaderWorkSettings(
                    Duration.ofSeconds(1), 3, 2, Duration.ofMillis(RETURN_DELAY), Duration.ofSeconds(2)));
    private Topic topic = metadata.create("t", 6, 3);

    @BeforeEach
    void leadEverything() {
        for (int partition = 0; partition < 6; partition++) {
            PartitionId id = topic.partitionId(partition);
            replicas.led.put(id, 1);
            replicas.voters.put(id, peers(1, 2, 3));
        }
    }

    private static List<Peer> peers(int... ids) {
        return IntStream.of(ids)
                .mapToObj(id -> new Peer(PeerId.of(id, "d" + id), "host-" + id, 9000 + id))
                .toList();
    }

    private void step(long nowMillis) {
        steps.step(metadata.image(), nowMillis, () -> {});
    }

    @Test
    void shouldGiveLeadershipsBackOnlyAfterTheirPreferredLeadersCouldLeadForAWhile() {
        replicas.inStep.add(SECOND);
        step(0);
        step(RETURN_DELAY - 1);
        assertThat(replicas.calls).isEmpty();

        step(RETURN_DELAY);

        assertThat(replicas.calls).hasSize(2).allMatch(call -> call.endsWith(" 2"));
    }

    @Test
    void shouldBeginTheWaitAnewWhenTheFollowerFallsBehind() {
        replicas.inStep.add(SECOND);
        step(0);
        replicas.inStep.clear();
        step(1_000);
        replicas.inStep.add(SECOND);
        step(2_000);

        step(RETURN_DELAY + 1_999);
        assertThat(replicas.calls).isEmpty();
        step(RETURN_DELAY + 2_000);
        assertThat(replicas.calls).isNotEmpty();
    }

    @Test
    void shouldHandEverythingOverAtOnceWhileItsBrokerDrains() {
        metadata.submit(new MetadataCommand.DrainBroker(1, true)).join();
        replicas.inStep.addAll(List.of(SECOND, THIRD));

        for (int n = 0; n < 3; n++) {
            step(n);
        }

        assertThat(replicas.led).isEmpty();
        assertThat(replicas.calls)
                .hasSize(6)
                .anyMatch(call -> call.endsWith(" 2"))
                .anyMatch(call -> call.endsWith(" 3"));
    }

    @Test
    void shouldKeepLeadershipsThatNobodyCouldTakeOver() {
        metadata.submit(new MetadataCommand.DrainBroker(1, true)).join();

        step(0);

        assertThat(replicas.calls).isEmpty();
    }

    @Test
    void shouldHaveNoMoreHandOversUnderWayThanAllowed() {
        metadata.submit(new MetadataCommand.DrainBroker(1, true)).join();
        replicas.inStep.add(SECOND);
        replicas.answer = new CompletableFuture<>();

        step(0);
        step(60_000);
        assertThat(replicas.calls).hasSize(2);

        replicas.answer.complete(null);
        step(120_000);
        assertThat(replicas.calls).hasSize(4);
    }

    @Test
    void shouldChangeVotersWhileHandOversAreUnderWay() {
        metadata.submit(new MetadataCommand.DrainBroker(1, true)).join();
        replicas.inStep.add(SECOND);
        replicas.answer = new CompletableFuture<>();
        step(0);
        target(topic.partitionId(4), SELF, SECOND);
        target(topic.partitionId(5), SELF, SECOND);

        step(1);

        assertThat(replicas.calls)
                .as("two hand-overs, and as many changes as are allowed together")
                .containsExactly("leader 0 2", "leader 1 2", "voters 4 [1, 2]");
    }

    @Test
    void shouldRefuseSettingsWithMoreHandOversThanChanges() {
        assertThatThrownBy(() -> new LeaderWorkSettings(Duration.ofSeconds(1), 2, 3, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("handOversMax is 3; allowed: 1 to changesMax, which is 2");
    }

    @Test
    void shouldTakeOutVotersThatAreToLeave() {
        PartitionId id = topic.partitionId(0);
        target(id, SELF, SECOND);

        step(0);

        assertThat(replicas.calls).containsExactly("voters 0 [1, 2]");
    }

    @Test
    void shouldHandOverWhereItIsToLeaveItself() {
        PartitionId id = topic.partitionId(0);
        target(id, THIRD, SECOND);
        step(0);
        assertThat(replicas.calls).as("nobody is in step").isEmpty();
        replicas.inStep.add(SECOND);

        step(1);

        assertThat(replicas.calls).containsExactly("leader 0 2");
    }

    @Test
    void shouldTryAgainAfterAPauseWhatFailed() {
        PartitionId id = topic.partitionId(0);
        target(id, SELF, SECOND);
        replicas.answer = CompletableFuture.failedFuture(new IllegalStateException("not now"));
        step(0);
        replicas.voters.put(id, peers(1, 2, 3));

        step(1_999);
        assertThat(replicas.calls).hasSize(1);
        step(2_000);
        assertThat(replicas.calls).hasSize(2);
    }

    private void target(PartitionId id, PeerId... peers) {
        metadata.submit(new MetadataCommand.AssignTargets(List.of(new TargetReplicas(id, List.of(peers)))))
                .join();
    }
}
