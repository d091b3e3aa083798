package io.flotilla.raftlog.raft.ratis.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Followers that need no more than the leader's log, though it begins later than the leader knows of them. */
class LogBeginningTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** As many of these fill a file of the log that the next begins another, whatever else is in it. */
    private static final int BIG = 8000;

    private static final int BIG_IN_FILE = Fleet.LOG.segmentBytes() / BIG;

    private Path directory;
    private Fleet fleet;
    private SimulatedGroup group;
    private int leader;
    private int follower;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        directory = folder;
        fleet = Fleet.start(1, directory);
        group = fleet.create(new GroupId(new UUID(1, 1)));
    }

    @AfterEach
    void close() throws IOException {
        fleet.close();
        group.safety().check();
    }

    @Test
    void shouldSendTheFirstEntryOfTheLogToAFollowerWhoseCheckpointEndsBeforeIt() throws IOException {
        long edge = fillFile();
        follower = leader % Fleet.NODES + 1;
        awaitApplied(follower, edge);
        checkpoint(follower);
        group.suspend(follower);
        propose();
        long last = propose();
        checkpoint(leader);
        awaitLogWithout(edge);

        group.resume(follower);

        awaitApplied(follower, last);
        assertThat(group.journal(follower).installed()).isZero();
    }

    @Test
    void shouldFindOutHowFarAFollowerIsWhoseAnswersWereLostWhileTheLogWasPurged() throws IOException {
        propose();
        follower = leader % Fleet.NODES + 1;
        setFollower(Faults.CUT, Faults.CUT);
        long edge = fillFile();
        long last = propose();
        setFollower(Faults.NONE, Faults.CUT); // hears all of them at once
        awaitApplied(follower, last);
        checkpoint(leader);
        awaitLogWithout(edge);

        group.setAll(Faults.NONE);

        awaitApplied(follower, propose());
        assertThat(group.journal(follower).installed()).isZero();
    }

    private void setFollower(Faults in, Faults out) {
        for (int other : SimulatedGroup.nodes()) {
            if (other != follower) {
                group.set(other, follower, in);
                group.set(follower, other, out);
            }
        }
    }

    private ReplicatedGroup member(int node) {
        return group.member(node).orElseThrow();
    }

    /**
     * Proposes an entry through the leader, whoever that is: on a busy machine it may be another than before.
     *
     * @return the entry's index
     */
    private long propose() {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(this::proposed, index -> index >= 0);
    }

    private long proposed() {
        Optional<Integer> leading = group.readyLeader();
        if (leading.isEmpty()) {
            return -1;
        }
        leader = leading.get();
        ByteBuffer answer = member(leader).propose(ByteBuffer.allocate(BIG)).join();
        return Applied.positionIn(answer).index();
    }

    /** @return index of the last entry in the file */
    private long fillFile() {
        long last = 0;
        for (int i = 0; i < BIG_IN_FILE; i++) {
            last = propose();
        }
        return last;
    }

    private void checkpoint(int node) {
        member(node).checkpoint().join();
    }

    private void awaitApplied(int node, long index) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(group.journal(node).position().index()).isGreaterThanOrEqualTo(index));
    }

    /** Waits until the leader has removed the file of its log that ends with an entry. */
    private void awaitLogWithout(long index) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(logFiles()).isNotEmpty().noneMatch(name -> name.endsWith("-" + index)));
    }

    private List<String> logFiles() {
        try (Stream<Path> files = Files.walk(directory.resolve("node-" + leader))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .toList();
        } catch (IOException | UncheckedIOException changing) {
            return List.of(); // a file went while the folder was read
        }
    }
}
