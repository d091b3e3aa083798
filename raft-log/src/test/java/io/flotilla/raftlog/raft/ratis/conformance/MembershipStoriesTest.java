package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.others;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** Who belongs to a group. */
class MembershipStoriesTest {
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

    private static void change(TestCluster cluster, int leader, List<Peer> expected, List<Peer> wanted) {
        CompletableFuture<Void> changed = cluster.member(leader).changePeers(expected, wanted);
        assertThat(changed).succeedsWithin(PATIENCE);
    }
}
