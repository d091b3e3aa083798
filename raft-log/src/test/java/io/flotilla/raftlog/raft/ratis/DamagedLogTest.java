package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member does about a log that does not reach its state's checkpoint, and what purging may remove. */
class DamagedLogTest {
    private static final GroupId GROUP = new GroupId(new UUID(2, 1));
    private static final GroupId HEALTHY = new GroupId(new UUID(2, 2));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void shouldStayClosedWhenItsLogEndsBeforeItsCheckpoint() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.create(HEALTHY);
            LogPosition durable = fill(hosts, 100);
            hosts.stop(1);

            Path log = hosts.newestLogFile(1, GROUP);
            truncate(log, Files.size(log) / 2);
            hosts.start(1);

            assertThat(hosts.host(1).group(GROUP)).isEmpty();
            assertThat(hosts.hasFiles(1, GROUP)).isTrue();
            assertThat(hosts.awaitLeader(HEALTHY)).isEqualTo(1);
            assertThatThrownBy(() -> hosts.create(GROUP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ends at index ")
                    .hasMessageContaining("durable up to index " + durable.index());
        }
    }

    @Test
    void shouldStayClosedWhenItsLogIsThatOfAnotherGroup() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.create(HEALTHY);
            hosts.awaitLeader(GROUP);
            hosts.awaitLeader(HEALTHY);
            hosts.propose(1, GROUP, "a");
            hosts.propose(1, HEALTHY, "b");
            hosts.stop(1);

            Files.copy(
                    hosts.newestLogFile(1, HEALTHY),
                    hosts.newestLogFile(1, GROUP),
                    StandardCopyOption.REPLACE_EXISTING);
            hosts.start(1);

            assertThat(hosts.host(1).refusal(GROUP)).hasValueSatisfying(reason -> assertThat(reason)
                    .isInstanceOf(DamagedMember.class)
                    .hasMessageContaining("holds entries of another group"));
            assertThat(hosts.awaitLeader(HEALTHY)).isEqualTo(1);
        }
    }

    @Test
    void shouldStayClosedWhenItsTermIsOlderThanItsLog() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            fill(hosts, 10);
            hosts.stop(1);

            Path vote = hosts.logFolder(1, GROUP).resolve("raft-meta");
            Files.writeString(vote, Files.readString(vote).replace("term=1", "term=0"));
            hosts.start(1);

            assertThatThrownBy(() -> hosts.create(GROUP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is of term 0, but the member was in term 1");
        }
    }

    @Test
    void shouldStayClosedWhenItsTermOrItsPeersCannotBeRead() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.create(HEALTHY);
            fill(hosts, 10);
            hosts.stop(1);

            Path vote = hosts.logFolder(1, GROUP).resolve("raft-meta");
            Files.writeString(vote, Files.readString(vote).replace("term=1", "term=x"));
            Path peers = hosts.logFolder(1, HEALTHY).resolve("raft-meta.conf");
            truncate(peers, Files.size(peers) - 1);
            hosts.start(1);

            assertThatThrownBy(() -> hosts.host(1).create(GROUP, hosts.peers()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("raft-meta is missing or is damaged");
            assertThatThrownBy(() -> hosts.host(1).create(HEALTHY, hosts.peers()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("raft-meta.conf cannot be read");
        }
    }

    @Test
    void shouldStayClosedWhenItsLogIsGone() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            fill(hosts, 10);
            hosts.stop(1);

            Files.delete(hosts.newestLogFile(1, GROUP));
            hosts.start(1);

            assertThatThrownBy(() -> hosts.create(GROUP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no entries");
        }
    }

    @Test
    void shouldStayClosedWhenTheStateLacksWhatTheLogNoLongerHolds() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory, DamagedLogTest::smallSegments)) {
            hosts.create(GROUP);
            fill(hosts, 100);
            await().atMost(PATIENCE)
                    .until(() -> LogFile.in(hosts.logFolder(1, GROUP)).get(0).first() > 0);
            hosts.stop(1);

            Files.delete(hosts.stateFile(1, GROUP));
            hosts.start(1);

            assertThatThrownBy(() -> hosts.create(GROUP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("begins at index ");
        }
    }

    @Test
    void shouldNotBeMadeAnewBesideAStateThatOnceHadALog() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            fill(hosts, 10);
            hosts.host(1).remove(GROUP);

            assertThatThrownBy(() -> hosts.create(GROUP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no Raft log");

            Files.delete(hosts.stateFile(1, GROUP));
            hosts.create(GROUP);
            assertThat(hosts.awaitLeader(GROUP)).isEqualTo(1);
        }
    }

    @Test
    void shouldOpenAfterATornLastWrite() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            fill(hosts, 10);
            Path state = hosts.stateFile(1, GROUP);
            byte[] checkpoint = Files.readAllBytes(state);
            hosts.stop(1);
            byte[] guard = Files.readAllBytes(hosts.guardFile(1, GROUP));
            hosts.start(1);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "torn");
            hosts.stop(1);

            Files.write(state, checkpoint);
            Files.write(hosts.guardFile(1, GROUP), guard);
            Path log = hosts.newestLogFile(1, GROUP);
            truncate(log, Files.size(log) - 3);
            hosts.start(1);
            hosts.awaitLeader(GROUP);

            assertThat(hosts.state(1, GROUP).entries()).hasSize(10);
        }
    }

    @Test
    void shouldOpenAfterTheLogBehindTheCheckpointWasPurged() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory, DamagedLogTest::smallSegments)) {
            hosts.create(GROUP);
            fill(hosts, 100);
            await().atMost(PATIENCE)
                    .until(() -> LogFile.in(hosts.logFolder(1, GROUP)).get(0).first() > 0);

            hosts.stop(1);
            hosts.start(1);
            hosts.awaitLeader(GROUP);

            assertThat(hosts.state(1, GROUP).entries()).hasSize(100);
            assertThat(hosts.propose(1, GROUP, "next")).isEqualTo("100");
        }
    }

    @Test
    void shouldKeepTheLogForAPeerThatIsAway() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory, DamagedLogTest::smallSegments)) {
            hosts.create(GROUP);
            int leader = hosts.awaitLeader(GROUP);
            int away = leader % 3 + 1;
            hosts.stop(away);
            fill(hosts, 100);
            assertThat(LogFile.in(hosts.logFolder(leader, GROUP)).get(0).first())
                    .isZero();

            hosts.start(away);

            await().atMost(PATIENCE)
                    .until(() -> hosts.state(away, GROUP).entries().size() == 100);
        }
    }

    @Test
    void shouldTakeCheckpointsOnItsOwn() throws IOException {
        try (Hosts hosts = Hosts.start(
                1,
                directory,
                settings -> settings.withCheckpoints(Duration.ofMillis(1), RaftSettings.Checkpoints.DEFAULT.bytes()))) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "a");

            await().atMost(PATIENCE)
                    .until(() -> Files.exists(hosts.stateFile(1, GROUP))
                            && Files.readAllLines(hosts.stateFile(1, GROUP)).contains("a"));
        }
    }

    private static RaftSettings smallSegments(RaftSettings settings) {
        return settings.withLog(new RaftSettings.Log(64 * 1024, 128 * 1024, 64L << 20));
    }

    /** Proposes entries of 4 KiB, then takes a checkpoint. */
    private static LogPosition fill(Hosts hosts, int entries) {
        int leader = hosts.awaitLeader(GROUP);
        for (int i = 0; i < entries; i++) {
            hosts.propose(leader, GROUP, "x".repeat(4096));
        }
        return hosts.group(leader, GROUP).checkpoint().join();
    }

    private static void truncate(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }
}
