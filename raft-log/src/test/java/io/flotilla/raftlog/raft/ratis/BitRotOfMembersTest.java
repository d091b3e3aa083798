package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.ratis.Hosts.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the disk does to one file that a member keeps of its group, the member does not start on it unawares. */
class BitRotOfMembersTest {
    private static final GroupId GROUP = new GroupId(new UUID(7, 1));
    private static final int ENTRY_BYTES_MAX = 64 * 1024;

    /** A prime, so that all parts of entries are met. */
    private static final int STRIDE_BYTES = 61;

    private Hosts hosts;
    private byte[] checkpoint;

    /** A log of several files, and a state whose checkpoint stands in the middle of it. */
    @BeforeEach
    void writeALog(@TempDir Path directory) throws IOException {
        hosts = Hosts.start(1, directory, BitRotOfMembersTest::smallSegments);
        hosts.create(GROUP);
        hosts.awaitLeader(GROUP);
        propose(30);
        hosts.group(1, GROUP).checkpoint().join();
        checkpoint = Files.readAllBytes(hosts.stateFile(1, GROUP));
        propose(40);
        hosts.stop(1);
        Files.write(hosts.stateFile(1, GROUP), checkpoint);
        assertThat(LogFile.in(hosts.logFolder(1, GROUP))).hasSizeGreaterThan(2);
        open();
    }

    private void propose(int entries) {
        for (int i = 0; i < entries; i++) {
            hosts.propose(1, GROUP, "x".repeat(4096));
        }
    }

    private static RaftSettings smallSegments(RaftSettings settings) {
        return settings.withLog(new RaftSettings.Log(ENTRY_BYTES_MAX, 128 * 1024, 64L << 20));
    }

    @AfterEach
    void close() throws IOException {
        hosts.close();
    }

    /** Decides about the member's files as a start does. */
    private void open() throws IOException {
        GroupFolders folders = new GroupFolders(hosts.raftFolder(1));
        new MemberTrust(folders, ENTRY_BYTES_MAX).ofFiles(GROUP, new ListState(hosts.stateFile(1, GROUP)));
    }

    private boolean isRefused() throws IOException {
        try {
            open();
            return false;
        } catch (DamagedMember refused) {
            return true;
        }
    }

    private Path file(String name) {
        return hosts.logFolder(1, GROUP).resolve(name);
    }

    private Path folder() {
        return hosts.raftFolder(1).resolve(GROUP.toString());
    }

    private interface Verdict {
        void of(int at, int bit) throws IOException;
    }

    private static void flipEach(Path file, int from, int to, int stride, Verdict verdict) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int at = from; at < to; at += stride) {
            for (int bit = stride == 1 ? 0 : at % 8; bit < (stride == 1 ? 8 : at % 8 + 1); bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                Files.write(file, flipped);
                verdict.of(at, bit);
            }
        }
        Files.write(file, whole);
    }

    @Test
    void shouldRefuseAnyFlippedBitOfItsVote() throws IOException {
        Path file = file("raft-meta");
        VoteFile good = VoteFile.read(file).orElseThrow();

        flipEach(file, 0, (int) Files.size(file), 1, (at, bit) -> {
            // A newer term does no harm: the member votes less often than it might. Comments are no part of the vote.
            Optional<VoteFile> read = VoteFile.read(file);
            boolean harmless = read.filter(vote -> vote.equals(good) || vote.term() > good.term())
                    .isPresent();
            assertThat(isRefused()).as("byte %d bit %d", at, bit).isNotEqualTo(harmless);
        });
    }

    @Test
    void shouldRefuseAnyFlippedBitOfItsPeers() throws IOException {
        Path file = file("raft-meta.conf");

        flipEach(file, 0, (int) Files.size(file), 1, (at, bit) -> assertThat(isRefused())
                .as("byte %d bit %d", at, bit)
                .isTrue());
    }

    @Test
    void shouldRefuseAnyFlippedBitOfItsLog() throws IOException {
        List<LogFile> files = LogFile.in(hosts.logFolder(1, GROUP));
        LogFile closed = files.get(files.size() - 2);
        LogFile open = files.get(files.size() - 1);

        flipEach(closed.path(), 0, (int) closed.bytes(), STRIDE_BYTES, (at, bit) -> assertThat(isRefused())
                .as("closed file, byte %d bit %d", at, bit)
                .isTrue());
        int end = end(open);
        flipEach(open.path(), 0, end - 300, STRIDE_BYTES, (at, bit) -> assertThat(isRefused())
                .as("open file, byte %d bit %d", at, bit)
                .isTrue());
        flipEach(open.path(), end - 300, end, 1, (at, bit) -> assertThat(isRefused())
                .as("tail of the open file, byte %d bit %d", at, bit)
                .isTrue());
        flipEach(open.path(), end, (int) Files.size(open.path()), STRIDE_BYTES, (at, bit) -> assertThat(isRefused())
                .as("behind the open file's end, byte %d bit %d", at, bit)
                .isFalse());
    }

    private static int end(LogFile file) throws IOException {
        byte[] bytes = Files.readAllBytes(file.path());
        int end = bytes.length;
        int[] last = new int[1];
        LogFileReader.read(GROUP, file.path(), ENTRY_BYTES_MAX, (term, index, entry, offset, length, foreign) -> {
            last[0] = offset + length + Integer.BYTES;
            return true;
        });
        assertThat(last[0]).isPositive().isLessThanOrEqualTo(end);
        return last[0];
    }

    @Test
    void shouldRefuseFilesThatAreGoneZeroedOrCut() throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(hosts.logFolder(1, GROUP))) {
            files = entries.toList();
        }
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, new byte[whole.length]);
            assertThat(isRefused()).as("zeroed %s", file).isTrue();
            Files.write(file, new byte[0]);
            assertThat(isRefused()).as("emptied %s", file).isTrue();
            Files.write(file, Arrays.copyOf(whole, 30));
            assertThat(isRefused()).as("cut %s", file).isTrue();
            Files.delete(file);
            assertThat(isRefused()).as("deleted %s", file).isTrue();
            Files.write(file, whole);
        }
        Path current = hosts.logFolder(1, GROUP);
        Files.move(current, current.resolveSibling("lost"));
        assertThat(isRefused()).isTrue();
    }

    @Test
    void shouldRefuseFilesOfTheLogThatWereSwapped() throws IOException {
        List<LogFile> files = LogFile.in(hosts.logFolder(1, GROUP));
        Path one = files.get(0).path();
        Path other = files.get(1).path();
        Path aside = one.resolveSibling("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);

        assertThatThrownBy(this::open).isInstanceOf(DamagedMember.class).hasMessageContaining("do not follow");
    }

    @Test
    void shouldDoWithoutAGuardOrWithADamagedOne() throws IOException {
        Files.write(hosts.guardFile(1, GROUP), new byte[2 * MemberGuardFile.SLOT_BYTES]);
        open();
        Files.delete(hosts.guardFile(1, GROUP));
        open();

        hosts.start(1);
        assertThat(hosts.awaitLeader(GROUP)).isEqualTo(1);
        await().atMost(PATIENCE)
                .until(() -> MemberGuardFile.read(GROUP, folder()).isPresent());
    }

    @Test
    void shouldKeepItsGuardUpToDateWhileItRuns() throws IOException {
        hosts.start(1);
        hosts.awaitLeader(GROUP);
        propose(1);

        await().atMost(PATIENCE).untilAsserted(() -> {
            MemberGuard guard = MemberGuardFile.read(GROUP, folder()).orElseThrow();
            assertThat(guard.flushed()).isEqualTo(hosts.state(1, GROUP).position());
            assertThat(guard.term()).isEqualTo(guard.flushed().term());
            assertThat(guard.votedFor()).isEqualTo(Hosts.peerId(1).value());
            assertThat(guard.configuration())
                    .isEqualTo(
                            PeersFile.read(file("raft-meta.conf")).orElseThrow().position());
        });
    }

    @Test
    void shouldStopWhenAClosedFileIsFoundDamagedWhileItRuns() throws IOException {
        hosts.start(1);
        hosts.awaitLeader(GROUP);
        hosts.host(1).verifyLog(GROUP);
        Path closed = LogFile.in(hosts.logFolder(1, GROUP)).get(0).path();
        byte[] bytes = Files.readAllBytes(closed);
        bytes[bytes.length / 2] ^= 16;
        Files.write(closed, bytes);

        assertThatThrownBy(() -> hosts.host(1).verifyLog(GROUP)).isInstanceOf(DamagedMember.class);

        await().atMost(PATIENCE).until(() -> hosts.state(1, GROUP).failure() instanceof DamagedMember);
    }
}
