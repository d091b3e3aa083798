package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.others;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;

/** Who belongs to a group. */
class MembershipStoriesTest {
    /** A leader that cannot reach a majority has this long to be asked for a change. */
    private static final Duration PATIENT_MAX = Duration.ofSeconds(2);

    private static final Duration PATIENT_MIN = Duration.ofSeconds(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @OnEveryTransport
    void shouldGoOnWithoutAMemberAndTakeItBack(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            int follower = others(leader).get(0);
            List<Peer> rest = others(follower).stream().map(cluster::peer).toList();
            cluster.append(leader, "a");

            assumeThatCode(() -> change(cluster, leader, cluster.peers(), rest))
                    .as("members cannot be changed yet")
                    .doesNotThrowAnyException();
            assertThat(cluster.member(leader).peers()).containsExactlyInAnyOrderElementsOf(rest);
            cluster.removeMember(follower);
            cluster.append(leader, "without it");
            cluster.awaitEntries(others(follower), List.of("a", "without it"));

            cluster.rejoin(follower);
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                change(cluster, leader, rest, cluster.peers());
                return true;
            });
            cluster.rejoined(follower);
            cluster.append(leader, "with it");
            cluster.awaitEntriesEverywhere(List.of("a", "without it", "with it"));
        }
    }

    /**
     * A leader that has the removal of a member in its log, uncommitted, loses its majority; the next leader has it too:
     * Ratis then ends the removal with the first entry of the new term.
     */
    @OnEveryTransport
    void shouldTakeAMemberBackWhoseRemovalWasEndedByTheNextTerm(Transport transport) throws IOException {
        UnaryOperator<RaftSettings> patient = settings ->
                settings.withElections(new RaftSettings.Elections(PATIENT_MIN, PATIENT_MAX, PATIENT_MIN, PATIENT_MAX));
        try (TestCluster cluster = TestCluster.start(transport, directory, patient)) {
            int leader = cluster.awaitLeader();
            int removed = others(leader).get(0);
            int other = others(leader).get(1);
            List<Peer> rest = others(removed).stream().map(cluster::peer).toList();
            cluster.append(leader, "a");
            cluster.awaitEntriesEverywhere(List.of("a"));

            cluster.isolate(other);
            CompletableFuture<Void> removal = cluster.member(leader).changePeers(cluster.peers(), rest);
            assertThat(removal).failsWithin(PATIENCE);
            await().atMost(PATIENCE)
                    .until(() -> !cluster.member(leader).leadership().isLeader());
            cluster.healLink(leader, other);
            int next = cluster.awaitLeaderAmong(others(removed));
            cluster.heal(other);
            assertThat(cluster.member(next).peers()).containsExactlyInAnyOrderElementsOf(rest);

            cluster.removeMember(removed);
            cluster.rejoin(removed);
            change(cluster, next, rest, cluster.peers());
            cluster.rejoined(removed);
            cluster.append(next, "b");
            cluster.awaitEntriesEverywhere(List.of("a", "b"));
        }
    }

    private static void change(TestCluster cluster, int leader, List<Peer> expected, List<Peer> wanted) {
        CompletableFuture<Void> changed = cluster.member(leader).changePeers(expected, wanted);
        assertThat(changed).succeedsWithin(PATIENCE);
    }
}
