package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.others;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.Leadership;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;

/** Who leads, and what a leader may still say that is none any more. */
class ElectionStoriesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @OnEveryTransport
    void shouldElectOneLeaderThatAllFollow(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();

            for (int node = 1; node <= TestCluster.NODES; node++) {
                int member = node;
                await().atMost(PATIENCE)
                        .until(
                                () -> cluster.member(member).leadership().leader(),
                                seen -> seen.equals(
                                        Optional.of(cluster.peer(leader).id())));
            }
        }
    }

    @OnEveryTransport
    void shouldElectAnotherLeaderWhenTheFirstStops(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            long term = cluster.member(leader).leadership().term();
            cluster.append(leader, "a");

            cluster.stop(leader);
            int next = cluster.awaitLeaderAmong(others(leader));
            cluster.append(next, "b");

            assertThat(cluster.member(next).leadership().term()).isGreaterThan(term);
            cluster.start(leader);
            cluster.awaitEntriesEverywhere(List.of("a", "b"));
        }
    }

    @OnEveryTransport
    void shouldElectAnotherLeaderWhenTheFirstIsHeardNoMore(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            cluster.append(leader, "a");

            cluster.mute(leader);
            int next = cluster.awaitLeaderAmong(others(leader));
            cluster.append(next, "b");

            // It hears of the new term, though it cannot answer.
            await().atMost(PATIENCE)
                    .until(() -> !cluster.member(leader).leadership().isLeader());
            cluster.heal(leader);
            cluster.awaitEntriesEverywhere(List.of("a", "b"));
        }
    }

    @OnEveryTransport
    void shouldKeepItsLeaderWhenAFollowerComesBackFromBeingCutOff(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            int follower = others(leader).get(0);
            cluster.append(leader, "a");
            long term = cluster.member(leader).leadership().term();

            cluster.isolate(follower);
            await().atMost(PATIENCE)
                    .until(() -> cluster.member(follower).leadership().leader().isEmpty());
            cluster.append(leader, "b");
            cluster.heal(follower);
            cluster.awaitEntriesEverywhere(List.of("a", "b"));

            // Elections it held alone were pre-votes, and cost nobody a term.
            assertThat(cluster.member(leader).leadership().term()).isEqualTo(term);
            assertThat(cluster.member(leader).leadership().role()).isEqualTo(Leadership.Role.LEADER);
        }
    }

    @OnEveryTransport
    void shouldHandLeadershipOver(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            int target = others(leader).get(1);
            cluster.append(leader, "a");

            assertThat(cluster.member(leader)
                            .transferLeadership(cluster.peer(target).id()))
                    .succeedsWithin(PATIENCE);

            assertThat(cluster.awaitLeaderAmong(List.of(target))).isEqualTo(target);
            cluster.append(target, "b");
            cluster.awaitEntriesEverywhere(List.of("a", "b"));
        }
    }

    @OnEveryTransport
    void shouldPassTheReadBarrierOnlyWhileItLeads(Transport transport) throws Exception {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            cluster.append(leader, "a");
            assertThat(cluster.member(leader).readBarrier()).succeedsWithin(PATIENCE);
            assertThat(cluster.journal(leader).texts()).containsExactly("a");

            cluster.isolate(leader);
            int next = cluster.awaitLeaderAmong(others(leader));
            cluster.append(next, "b");

            CompletableFuture<Void> stale = cluster.member(leader).readBarrier();
            assertThat(passes(stale)).isFalse();
            cluster.heal(leader);
            cluster.awaitEntriesEverywhere(List.of("a", "b"));
        }
    }

    private static boolean passes(CompletableFuture<Void> barrier) throws InterruptedException {
        try {
            barrier.get(2 * TestCluster.TIMEOUT_MAX.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException refused) {
            return false;
        }
    }
}
