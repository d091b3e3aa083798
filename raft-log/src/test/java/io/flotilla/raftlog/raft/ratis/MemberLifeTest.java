package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static io.flotilla.raftlog.raft.ratis.Hosts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One member alone in its group, from its making to its removal. */
class MemberLifeTest {
    private static final GroupId GROUP = new GroupId(new UUID(1, 1));
    private static final GroupId OTHER = new GroupId(new UUID(1, 2));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void shouldLeadItsGroupAlone() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);

            hosts.awaitLeader(GROUP);

            assertThat(hosts.propose(1, GROUP, "a")).isEqualTo("0");
            assertThat(hosts.group(1, GROUP).readBarrier()).succeedsWithin(PATIENCE);
            assertThat(hosts.group(1, GROUP).leadership().leader()).contains(Hosts.peerId(1));
        }
    }

    @Test
    void shouldReturnTheOpenMemberWhenCreatedAgain() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            ReplicatedGroup first = hosts.group(1, GROUP);

            ReplicatedGroup second = hosts.host(1).create(GROUP, hosts.peers());

            assertThat(second).isSameAs(first);
        }
    }

    @Test
    void shouldSuspendAMemberAndResumeItFromItsFiles() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "a");

            hosts.host(1).suspend(GROUP);

            assertThat(hosts.host(1).group(GROUP)).isEmpty();
            assertThat(hosts.logFolder(1, GROUP)).isNotEmptyDirectory();
            hosts.host(1).suspend(GROUP);

            ReplicatedGroup resumed = hosts.host(1).resume(GROUP);

            hosts.awaitLeader(GROUP);
            assertThat(hosts.host(1).resume(GROUP)).isSameAs(resumed);
            assertThat(hosts.propose(1, GROUP, "b")).isEqualTo("1");
            assertThat(hosts.state(1, GROUP).entries()).containsExactly("a", "b");
        }
    }

    @Test
    void shouldResumeAMemberThatWasStoppedForItsState() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "a");
            ReplicatedGroup broken = hosts.group(1, GROUP);

            broken.stop(new IOException("the disk is bad"));

            await().atMost(PATIENCE).until(() -> hosts.state(1, GROUP).failure() != null);
            assertThat(broken.leadership().role()).isEqualTo(Leadership.Role.STOPPED);
            assertThat(hosts.state(1, GROUP).failure()).hasMessage("the disk is bad");
            hosts.host(1).suspend(GROUP);
            hosts.host(1).resume(GROUP);
            hosts.awaitLeader(GROUP);
            assertThat(hosts.propose(1, GROUP, "b")).isEqualTo("1");
        }
    }

    @Test
    void shouldReplayOnlyWhatLiesBehindTheCheckpoint() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "a");
            hosts.propose(1, GROUP, "b");
            hosts.group(1, GROUP).checkpoint().join();
            Path state = hosts.stateFile(1, GROUP);
            byte[] checkpoint = Files.readAllBytes(state);
            hosts.propose(1, GROUP, "c");

            hosts.stop(1);
            Files.write(state, checkpoint);
            hosts.start(1);
            hosts.awaitLeader(GROUP);

            assertThat(hosts.state(1, GROUP).entries()).containsExactly("a", "b", "c");
            assertThat(hosts.state(1, GROUP).appliedSinceOpen()).isEqualTo(1);
            assertThat(hosts.propose(1, GROUP, "d")).isEqualTo("3");
        }
    }

    @Test
    void shouldKnowItsPeersAfterAStopBeforeTheFirstEntry() throws IOException {
        try (Hosts hosts = Hosts.start(3, directory)) {
            List<Peer> peers = hosts.peers();
            hosts.host(1).create(GROUP, peers);
            hosts.stop(1);
            hosts.stop(2);
            hosts.stop(3);

            hosts.start(1);

            assertThat(LogFile.in(hosts.logFolder(1, GROUP))).isEmpty();
            assertThat(hosts.group(1, GROUP).peers()).containsExactlyInAnyOrderElementsOf(peers);
        }
    }

    @Test
    void shouldStopWhenAnEntryCannotBeApplied() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.create(OTHER);
            hosts.awaitLeader(GROUP);
            hosts.awaitLeader(OTHER);
            hosts.propose(1, GROUP, "a");

            CompletableFuture<ByteBuffer> poison = hosts.group(1, GROUP).propose(bytes(ListState.POISON));
            List<CompletableFuture<ByteBuffer>> behind = IntStream.range(0, 100)
                    .mapToObj(i -> hosts.group(1, GROUP).propose(bytes("behind")))
                    .toList();

            ListState state = hosts.state(1, GROUP);
            await().atMost(PATIENCE).until(() -> state.failure() != null);
            assertThat(state.failure()).hasRootCauseMessage("poisoned");
            assertThat(poison)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(LogException.class, error -> assertThat(error.code())
                            .isIn(ErrorCode.TIMEOUT, ErrorCode.NOT_LEADER));
            assertThat(behind).allSatisfy(proposal -> assertThat(proposal)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(LogException.class));
            await().atMost(PATIENCE).until(state::isClosed);
            assertThat(hosts.group(1, GROUP).leadership().role()).isEqualTo(Leadership.Role.STOPPED);
            assertThat(hosts.group(1, GROUP).propose(bytes("b")))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(NotLeader.class);
            assertThat(state.entries()).containsExactly("a");
            assertThat(hosts.propose(1, OTHER, "others go on")).isEqualTo("0");
        }
    }

    @Test
    void shouldRefuseOversizedEntriesWithoutRunningOutOfPermits() throws IOException {
        int pendingMax = 4;
        try (Hosts hosts = Hosts.start(
                1, directory, settings -> settings.withLog(new RaftSettings.Log(64 * 1024, 1024 * 1024, 64L << 20))
                        .withProposals(new RaftSettings.Proposals(pendingMax, 1024 * 1024, Duration.ofSeconds(10))))) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);

            for (int i = 0; i < 3 * pendingMax; i++) {
                assertThat(hosts.group(1, GROUP).propose(ByteBuffer.allocate(64 * 1024 + 1)))
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(LogException.class, error -> assertThat(error.code())
                                .isEqualTo(ErrorCode.RECORD_TOO_LARGE));
            }

            ByteBuffer largest = ByteBuffer.allocate(64 * 1024);
            assertThat(hosts.group(1, GROUP).propose(largest)).succeedsWithin(PATIENCE);
            assertThat(hosts.state(1, GROUP).entries()).containsExactly("bytes:65536");
        }
    }

    @Test
    void shouldDeleteTheFilesOfARemovedGroup() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            hosts.propose(1, GROUP, "a");

            hosts.host(1).remove(GROUP);
            hosts.host(1).remove(GROUP);

            assertThat(hosts.host(1).group(GROUP)).isEmpty();
            assertThat(hosts.hasFiles(1, GROUP)).isFalse();
            assertThat(hosts.state(1, GROUP).isClosed()).isTrue();
            assertThat(hosts.state(1, GROUP).failure()).isNull();
        }
    }

    @Test
    void shouldPutGroupsNobodyKnowsIntoQuarantine() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            hosts.create(GROUP);
            hosts.create(OTHER);
            hosts.awaitLeader(GROUP);
            hosts.awaitLeader(OTHER);
            hosts.stop(1);

            hosts.forget(GROUP);
            hosts.start(1);

            assertThat(hosts.host(1).group(GROUP)).isEmpty();
            assertThat(hosts.hasFiles(1, GROUP)).isFalse();
            assertThat(hosts.raftFolder(1).resolve("quarantine").resolve(GROUP.toString()))
                    .isDirectory();
            assertThat(hosts.awaitLeader(OTHER)).isEqualTo(1);
            assertThatThrownBy(() -> hosts.create(GROUP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("quarantine");
        }
    }

    @Test
    void shouldNotBeMadeWhereItIsNoPeer() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            List<Peer> others = List.of(new Peer(Hosts.peerId(2), "127.0.0.1", 1));

            assertThatThrownBy(() -> hosts.host(1).create(GROUP, others))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1-d1");
        }
    }

    @Test
    void shouldLeaveNoThreadBehindAndCloseTwice() throws IOException {
        Hosts hosts = Hosts.start(1, directory);
        hosts.create(GROUP);
        hosts.awaitLeader(GROUP);
        hosts.propose(1, GROUP, "a");

        hosts.close();
        hosts.close();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains(Hosts.peerId(1).value())));
        assertThat(Files.readAllLines(hosts.stateFile(1, GROUP))).contains("a");
    }

    @Test
    void shouldTellWhenThePortIsTaken() throws IOException {
        try (Hosts hosts = Hosts.start(1, directory)) {
            int taken = hosts.host(1).peer().port();
            RaftSettings settings =
                    RaftSettings.in(directory.resolve("second")).withAddress("127.0.0.1", "127.0.0.1", taken);

            try (RatisHost second = RatisHost.open(settings, Hosts.peerId(2), group -> Optional.empty())) {
                assertThatThrownBy(second::peer).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(second::start)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("port");
            }
        }
    }
}
