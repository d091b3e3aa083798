package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of the log that a real member wrote. */
final class LoggedEntriesTest {
    private static final GroupId GROUP = new GroupId(new UUID(8, 1));
    private static final int SEGMENT_BYTES = 64 << 10;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void shouldReadWhatWasProposedInTheOrderOfTheLog() throws IOException {
        Path log = logOf(List.of("a", "b", "c"));

        List<LoggedEntries.Entry> entries = LoggedEntries.in(GROUP, log);

        assertThat(proposalsOf(entries)).containsExactly("a", "b", "c");
        assertThat(entries).extracting(entry -> entry.position().index()).containsExactly(indices(entries.size()));
        assertThat(entries)
                .allSatisfy(entry -> assertThat(entry.position().term()).isPositive());
        assertThat(entries.get(0).proposal()).as("the leader's own first entry").isEmpty();
    }

    @Test
    void shouldReadClosedFilesAndTheOpenOneAlike() throws IOException {
        List<String> proposals = IntStream.range(0, 120)
                .mapToObj(i -> i + "-" + "x".repeat(4096))
                .toList();
        Path log = logOf(proposals);

        List<LoggedEntries.Entry> entries = LoggedEntries.in(GROUP, log);

        assertThat(LogFile.in(log)).hasSizeGreaterThan(2);
        assertThat(proposalsOf(entries)).isEqualTo(proposals);
        assertThat(entries).extracting(entry -> entry.position().index()).containsExactly(indices(entries.size()));
    }

    @Test
    void shouldEndBeforeATornLastWrite() throws IOException {
        Path log = logOf(List.of("a", "b", "torn"));
        Path file = onlyFile(log);
        byte[] bytes = Files.readAllBytes(file);
        int torn = lastPlaceOf("torn", bytes);
        byte[] garbage = new byte[4096];
        new Random(7).nextBytes(garbage);

        Files.write(file, Arrays.copyOf(bytes, torn + 2));
        assertThat(proposalsOf(LoggedEntries.in(GROUP, log))).containsExactly("a", "b");

        // Space that was allocated for entries to come, and a page that came to the disk before the one in front of it.
        Files.write(file, Arrays.copyOf(Arrays.copyOf(bytes, torn + 2), bytes.length + 4096));
        assertThat(proposalsOf(LoggedEntries.in(GROUP, log))).containsExactly("a", "b");
        byte[] mixed = Arrays.copyOf(Arrays.copyOf(bytes, torn), torn + 4096 + garbage.length);
        System.arraycopy(garbage, 0, mixed, torn + 4096, garbage.length);
        Files.write(file, mixed);
        assertThat(proposalsOf(LoggedEntries.in(GROUP, log))).containsExactly("a", "b");
    }

    @Test
    void shouldRefuseAnOpenFileWithADamagedEntryBeforeAWholeOne() throws IOException {
        Path log = logOf(List.of("a", "damaged", "c"));
        Path file = onlyFile(log);
        byte[] bytes = Files.readAllBytes(file);
        bytes[lastPlaceOf("damaged", bytes)] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> LoggedEntries.in(GROUP, log))
                .isInstanceOf(DamagedMember.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("a whole entry follows at byte ");
    }

    @Test
    void shouldRefuseAClosedFileThatIsNotWhole() throws IOException {
        Path log = logOf(IntStream.range(0, 120).mapToObj(i -> "x".repeat(4096)).toList());
        Path closed = LogFile.in(log).get(0).path();
        byte[] bytes = Files.readAllBytes(closed);
        bytes[bytes.length - 100] ^= 1;
        Files.write(closed, bytes);

        assertThatThrownBy(() -> LoggedEntries.in(GROUP, log))
                .isInstanceOf(DamagedMember.class)
                .hasMessageContaining("within " + closed.getFileName());
    }

    @Test
    void shouldRefuseALogWithAMissingFile() throws IOException {
        Path log = logOf(IntStream.range(0, 120).mapToObj(i -> "x".repeat(4096)).toList());
        Files.delete(LogFile.in(log).get(1).path());

        assertThatThrownBy(() -> LoggedEntries.in(GROUP, log))
                .isInstanceOf(DamagedMember.class)
                .hasMessageContaining("has a gap after");
    }

    @Test
    void shouldRefuseTheLogOfAnotherGroup() throws IOException {
        Path log = logOf(List.of("a"));

        assertThatThrownBy(() -> LoggedEntries.in(new GroupId(new UUID(8, 2)), log))
                .isInstanceOf(DamagedMember.class)
                .hasMessageContaining("holds entries of another group");
    }

    /** The log's folder of a member that has taken these proposals and was stopped. */
    private Path logOf(List<String> proposals) throws IOException {
        try (Hosts hosts = Hosts.start(
                1,
                directory,
                settings -> settings.withLog(new RaftSettings.Log(SEGMENT_BYTES, 2 * SEGMENT_BYTES, 64L << 20)))) {
            hosts.create(GROUP);
            hosts.awaitLeader(GROUP);
            proposals.forEach(proposal -> hosts.propose(1, GROUP, proposal));
            return LoggedEntries.folderOf(hosts.raftFolder(1), GROUP);
        }
    }

    private static Path onlyFile(Path log) throws IOException {
        List<LogFile> files = LogFile.in(log);
        assertThat(files).singleElement().satisfies(file -> assertThat(file.isOpen())
                .isTrue());
        return files.get(0).path();
    }

    private static List<String> proposalsOf(List<LoggedEntries.Entry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.proposal().stream())
                .map(Hosts::text)
                .toList();
    }

    private static Long[] indices(int count) {
        return IntStream.range(0, count).mapToObj(Long::valueOf).toArray(Long[]::new);
    }

    private static int lastPlaceOf(String text, byte[] bytes) {
        int place = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
        assertThat(place).isPositive();
        return place;
    }
}
