package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.others;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** Members that stop and come back. */
class RestartStoriesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @OnEveryTransport
    void shouldGoOnWhenOneTwoAndAllMembersStartAgain(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            List<String> expected = new ArrayList<>();
            int leader = cluster.awaitLeader();
            expected.add("a");
            cluster.append(leader, "a");

            int follower = others(leader).get(0);
            cluster.stop(follower);
            expected.add("one is away");
            cluster.append(leader, "one is away");
            cluster.start(follower);
            cluster.awaitEntriesEverywhere(expected);

            leader = cluster.awaitLeader();
            int[] both = {leader, others(leader).get(0)};
            cluster.stop(both);
            cluster.start(both);
            leader = cluster.awaitLeader();
            expected.add("two were away");
            cluster.append(leader, "two were away");
            cluster.awaitEntriesEverywhere(expected);

            cluster.stop(1, 2, 3);
            cluster.start(1, 2, 3);
            leader = cluster.awaitLeader();
            expected.add("all were away");
            cluster.append(leader, "all were away");
            cluster.awaitEntriesEverywhere(expected);
        }
    }

    /** Cuts, heals, breaks and hand-overs for a while, with proposals in between; not random where it can be helped. */
    @OnEveryTransport
    void shouldEndInEqualStatesAfterManyCutsAndHeals(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            SplittableRandom random = new SplittableRandom(4);
            List<String> proposed = new ArrayList<>();
            List<String> certain = new ArrayList<>();
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int round = 0; round < 8; round++) {
                int leader = cluster.awaitLeader();
                int victim = random.nextBoolean() ? leader : others(leader).get(random.nextInt(2));
                switch (round % 4) {
                    case 0 -> cluster.isolate(victim);
                    case 1 -> cluster.mute(victim);
                    case 2 -> cluster.resetAll();
                    default -> {
                        var unused = cluster.member(leader)
                                .transferLeadership(
                                        cluster.peer(others(leader).get(0)).id());
                    }
                }
                for (int i = 0; i < 20; i++) {
                    String text = "entry-" + round + "-" + i;
                    proposed.add(text);
                    answers.add(
                            cluster.propose(i % 2 == 0 ? leader : others(leader).get(0), text));
                }
                List<Integer> connected = round % 4 < 2 ? others(victim) : List.of(1, 2, 3);
                certain.add(cluster.appendAmong(connected, "round-" + round));
                cluster.heal(victim);
            }

            certain.add(cluster.appendAmong(List.of(1, 2, 3), "end"));
            for (int i = 0; i < proposed.size(); i++) {
                if (answers.get(i).isDone() && !answers.get(i).isCompletedExceptionally()) {
                    certain.add(proposed.get(i));
                }
            }
            List<String> texts = cluster.journal(cluster.awaitLeader()).texts();
            assertThat(texts).containsAll(certain).doesNotHaveDuplicates();
            cluster.awaitEntriesEverywhere(texts);
        }
    }
}
