package io.flotilla.raftlog.raft.ratis.conformance;

import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.bytes;
import static io.flotilla.raftlog.raft.ratis.conformance.TestCluster.others;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.simulation.Applied;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of entries. */
class ReplicationStoriesTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @OnEveryTransport
    void shouldApplyManyPipelinedEntriesInOneOrderEverywhere(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();

            List<String> proposed =
                    IntStream.range(0, 1000).mapToObj(i -> "entry-" + i).toList();
            List<CompletableFuture<ByteBuffer>> answers =
                    proposed.stream().map(text -> cluster.propose(leader, text)).toList();

            assertThat(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(PATIENCE);
            List<Long> indexes = answers.stream()
                    .map(answer -> Applied.positionIn(answer.join()).index())
                    .toList();
            assertThat(indexes).isSorted().doesNotHaveDuplicates();
            cluster.awaitEntriesEverywhere(proposed);
            assertThat(cluster.journal(others(leader).get(0)).entries())
                    .isEqualTo(cluster.journal(leader).entries());
        }
    }

    @OnEveryTransport
    void shouldCarryEntriesOfOneByteToOneMebibyteUnchanged(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            Random random = new Random(1);
            List<String> expected = new ArrayList<>();
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            int[] sizes = {1, 10, 1000, 64 * 1024, MIB, 2, MIB, MIB - 1, 65 * 1024, 1, MIB, 4 * 1024, MIB, MIB};
            for (int size : sizes) {
                byte[] content = new byte[size];
                random.nextBytes(content);
                // Text, as journals keep the short ones.
                for (int i = 0; i < size; i++) {
                    content[i] = (byte) ('a' + Math.floorMod(content[i], 26));
                }
                expected.add(Applied.textOf(ByteBuffer.wrap(content)));
                answers.add(cluster.member(leader).propose(ByteBuffer.wrap(content)));
            }

            assertThat(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(PATIENCE);
            cluster.awaitEntriesEverywhere(expected);
        }
    }

    @OnEveryTransport
    void shouldDropWhatACutOffLeaderCouldNotCommit(Transport transport) throws IOException {
        RaftSettings.Proposals impatient =
                new RaftSettings.Proposals(1024, 16 * MIB, TestCluster.TIMEOUT_MAX.multipliedBy(4));
        try (TestCluster cluster =
                TestCluster.start(transport, directory, settings -> settings.withProposals(impatient))) {
            int leader = cluster.awaitLeader();
            cluster.append(leader, "a");
            cluster.awaitEntriesEverywhere(List.of("a"));

            cluster.isolate(leader);
            List<CompletableFuture<ByteBuffer>> lost = IntStream.range(0, 50)
                    .mapToObj(i -> cluster.propose(leader, "lost-" + i))
                    .toList();
            int next = cluster.awaitLeaderAmong(others(leader));
            for (int i = 0; i < 50; i++) {
                cluster.append(next, "kept-" + i);
            }
            assertThat(lost).allSatisfy(answer -> assertThat(answer).failsWithin(PATIENCE));
            cluster.heal(leader);

            List<String> expected = new ArrayList<>(List.of("a"));
            IntStream.range(0, 50).forEach(i -> expected.add("kept-" + i));
            cluster.awaitEntriesEverywhere(expected);
            int last = cluster.awaitLeader();
            cluster.append(last, "end");
            expected.add("end");
            cluster.awaitEntriesEverywhere(expected);
        }
    }

    @OnEveryTransport
    void shouldGoOnOverConnectionsThatBreakAgainAndAgain(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            List<String> proposed = new ArrayList<>();
            List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 20; i++) {
                    String text = "entry-" + round + "-" + i;
                    proposed.add(text);
                    answers.add(cluster.propose(leader, text));
                }
                cluster.resetAll();
                CompletableFuture<ByteBuffer> oldest = answers.get(answers.size() - 20);
                Object unused = oldest.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .exceptionally(failure -> bytes("none"))
                        .join();
            }

            List<CompletableFuture<ByteBuffer>> ended = answers.stream()
                    .map(answer -> answer.exceptionally(failure -> bytes("")))
                    .toList();
            assertThat(CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(PATIENCE);
            List<String> acknowledged = IntStream.range(0, proposed.size())
                    .filter(i -> !answers.get(i).isCompletedExceptionally())
                    .mapToObj(proposed::get)
                    .toList();
            cluster.appendAmong(List.of(1, 2, 3), "end");
            List<String> texts = cluster.journal(cluster.awaitLeader()).texts();
            assertThat(texts).containsSubsequence(acknowledged).doesNotHaveDuplicates();
            cluster.awaitEntriesEverywhere(texts);
        }
    }

    @OnEveryTransport
    void shouldBringAFollowerUpToDateFromTheLog(Transport transport) throws IOException {
        try (TestCluster cluster = TestCluster.start(transport, directory)) {
            int leader = cluster.awaitLeader();
            int follower = others(leader).get(0);
            List<String> expected = new ArrayList<>();

            cluster.isolate(follower);
            for (int i = 0; i < 300; i++) {
                expected.add("entry-" + i);
                cluster.append(leader, "entry-" + i);
            }
            cluster.heal(follower);

            cluster.awaitEntriesEverywhere(expected);
            assertThat(cluster.journal(follower).installed()).isZero();
        }
    }

    @OnEveryTransport
    void shouldBringAFollowerUpToDateWhoseEntriesArePurged(Transport transport) throws IOException {
        RaftSettings.Log small = new RaftSettings.Log(64 * 1024, 64 * 1024, 0);
        try (TestCluster cluster = TestCluster.start(transport, directory, settings -> settings.withLog(small))) {
            int leader = cluster.awaitLeader();
            int follower = others(leader).get(0);
            cluster.append(leader, "first");
            cluster.awaitEntriesEverywhere(List.of("first"));

            cluster.stop(follower);
            String content = " x".repeat(8 * 1024);
            for (int i = 0; i < 40; i++) {
                cluster.append(leader, "entry-" + i + content);
            }
            for (int node : others(follower)) {
                await().atMost(PATIENCE).until(() -> purged(cluster, node));
            }
            cluster.start(follower);

            cluster.awaitEntries(List.of(follower), cluster.journal(leader).texts());
            assertThat(cluster.journal(follower).installed()).isPositive();
            int last = cluster.awaitLeader();
            cluster.append(last, "end");
            cluster.awaitEntriesEverywhere(cluster.journal(last).texts());
        }
    }

    /** Whether a checkpoint has let go of the log's beginning. */
    private static boolean purged(TestCluster cluster, int node) throws IOException {
        LogPosition position = cluster.member(node).checkpoint().join();
        return position.index() >= 40 && cluster.logStart(node) > 1;
    }
}
