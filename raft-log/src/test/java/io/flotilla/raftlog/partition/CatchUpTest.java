package io.flotilla.raftlog.partition;

import static io.flotilla.raftlog.partition.StorageCluster.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose group has purged the log it needs becomes equal to the others all the same. */
class CatchUpTest {
    private static final int BEFORE = 60;
    private static final int MISSED = 200;

    private StorageCluster cluster;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        cluster = new StorageCluster(folder);
    }

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    /** Appends before and after a follower's stop, until nobody has the log it lacks. Returns the follower. */
    private int followerWithoutLog() throws IOException {
        cluster.append(0, BEFORE);
        int follower = cluster.follower();
        long applied = cluster.broker(follower).partition().appliedIndex();
        cluster.stop(follower);
        cluster.append(BEFORE, MISSED);
        cluster.awaitPurgedBeyond(applied + 1);
        return follower;
    }

    private void assertEqualReplicas() throws IOException {
        Map<String, byte[]> expected = cluster.segmentsOf(1);
        for (int node = 2; node <= 3; node++) {
            Map<String, byte[]> actual = cluster.segmentsOf(node);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, bytes) -> assertThat(actual.get(name)).isEqualTo(bytes));
        }
    }

    @Test
    void shouldFetchWhatDiffersAndFollowTheLogFromThere() throws IOException {
        int follower = followerWithoutLog();
        long differing = cluster.segmentBytes(cluster.leader()) - cluster.segmentBytes(follower);

        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED);
        long fetched = cluster.broker(follower).storage().fetchedBytes();
        cluster.append(BEFORE + MISSED, 20);

        cluster.awaitEqual(BEFORE + MISSED + 20);
        assertEqualReplicas();
        assertThat(fetched).isPositive().isLessThanOrEqualTo((long) (1.05 * differing));
    }

    @Test
    void shouldBeAbleToLeadAndToRestartAfterwards() throws IOException {
        int follower = followerWithoutLog();
        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED);

        cluster.stop(follower);
        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED);
        int other = cluster.follower() == follower ? cluster.leader() : cluster.follower();
        cluster.append(BEFORE + MISSED, 1);
        cluster.awaitEqual(BEFORE + MISSED + 1);
        cluster.stop(other);
        cluster.append(BEFORE + MISSED + 1, 20);
        cluster.start(other);

        cluster.awaitEqual(BEFORE + MISSED + 21);
        assertEqualReplicas();
    }

    @Test
    void shouldKeepRaftLogsBoundedWhileAVoterIsDown() throws IOException {
        int follower = followerWithoutLog();
        long bytes = cluster.raftLogBytes(cluster.leader());

        cluster.append(BEFORE + MISSED, 2 * MISSED);

        int leader = cluster.leader();
        waiting().until(() -> cluster.raftLogBytes(leader) <= bytes + (128 << 10));
        assertThat(cluster.isRunning(follower)).isFalse();
    }

    @Test
    void shouldGoOnWithAnotherSourceWhenTheLeaderStopsInTheMiddle() throws IOException {
        int follower = followerWithoutLog();
        int leader = cluster.leader();
        CompletableFuture<Integer> stopped = new CompletableFuture<>();
        cluster.beforeRead((node, read) -> {
            if (read == 10) {
                cluster.stop(leader);
                stopped.complete(node);
            }
        });

        cluster.start(follower);
        waiting().until(stopped::isDone);
        cluster.awaitEqual(BEFORE + MISSED);
        cluster.append(BEFORE + MISSED, 5);
        cluster.start(leader);

        cluster.awaitEqual(BEFORE + MISSED + 5);
        assertEqualReplicas();
    }

    @Test
    void shouldGoOnWhenLeadershipMovesInTheMiddle() throws IOException {
        int follower = followerWithoutLog();
        int leader = cluster.leader();
        int other = 6 - follower - leader;
        cluster.beforeRead((node, read) -> {
            if (read == 10) {
                cluster.broker(leader)
                        .partition()
                        .transferLeadership(PeerId.of(other, "d" + other))
                        .join();
                cluster.append(BEFORE + MISSED, 5);
            }
        });

        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED + 5);
        cluster.append(BEFORE + MISSED + 5, 5);

        cluster.awaitEqual(BEFORE + MISSED + 10);
        assertEqualReplicas();
    }

    @Test
    void shouldGoOnWhereItWasAfterAFollowersStopInTheMiddle() throws IOException {
        int follower = followerWithoutLog();
        long differing = cluster.segmentBytes(cluster.leader()) - cluster.segmentBytes(follower);
        CompletableFuture<Integer> cutOff = new CompletableFuture<>();
        cluster.beforeRead((node, read) -> {
            if (read > 50) {
                cutOff.complete(node);
                throw new IOException("the network is down");
            }
        });
        cluster.start(follower);
        PartitionHost first = cluster.broker(follower).storage();
        waiting().until(cutOff::isDone);
        cluster.stop(follower);

        cluster.beforeRead((node, read) -> {});
        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED);

        long fetched = first.fetchedBytes() + cluster.broker(follower).storage().fetchedBytes();
        assertThat(first.fetchedBytes()).isPositive();
        assertThat(fetched).isLessThanOrEqualTo((long) (1.05 * differing));
        assertEqualReplicas();
    }

    @Test
    void shouldFetchNothingThatWasTrimmed() throws IOException {
        int follower = followerWithoutLog();
        cluster.broker(cluster.leader())
                .partition()
                .advanceLogStart(BEFORE + MISSED - 10)
                .join();
        int leader = cluster.leader();
        waiting().until(() -> cluster.segmentsOf(leader).size() == 1);

        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED);

        waiting().untilAsserted(this::assertEqualReplicas);
        assertThat(cluster.broker(follower).partition().logStartOffset()).isEqualTo(BEFORE + MISSED - 10);
        assertThat(cluster.broker(follower).storage().fetchedBytes())
                .isLessThanOrEqualTo(cluster.segmentBytes(follower));
    }

    @Test
    void shouldAskAgainWhenRetentionTakesWhatWasOffered() throws IOException {
        int follower = followerWithoutLog();
        cluster.beforeRead((node, read) -> {
            if (read == 10) {
                cluster.broker(cluster.leader())
                        .partition()
                        .advanceLogStart(BEFORE + MISSED - 10)
                        .join();
                cluster.append(BEFORE + MISSED, 1);
                waiting().until(() -> cluster.segmentsOf(node).size() <= 2);
            }
        });

        cluster.start(follower);
        cluster.awaitEqual(BEFORE + MISSED + 1);

        waiting().untilAsserted(this::assertEqualReplicas);
    }
}
