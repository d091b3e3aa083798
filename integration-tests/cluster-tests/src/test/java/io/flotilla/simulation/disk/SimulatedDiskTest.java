package io.flotilla.simulation.disk;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedDiskTest {
    private static final CrashStates.Limits EVERYTHING = new CrashStates.Limits(12, 1_000);

    private final SimulatedDisk disk = new SimulatedDisk(SyncRule.HONEST);
    private final Path folder = disk.fileSystem().getPath("/folder");
    private final Path file = folder.resolve("file");

    private static void write(Path file, long position, String text, boolean sync) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), position);
            if (sync) {
                channel.force(true);
            }
        }
    }

    private void makeDurableFile(String text) throws IOException {
        DurableFiles.createFolder(folder);
        Files.createFile(file);
        write(file, 0, text, true);
        DurableFiles.syncFolder(folder);
    }

    /** What the folder may hold after a loss of power, as text. */
    private Set<String> statesLeft() {
        Set<String> states = new HashSet<>();
        CrashStates.visitAll(
                disk,
                EVERYTHING,
                new SplittableRandom(1),
                image -> states.add(contentOf(image.disk().fileSystem().getPath("/folder"))));
        return states;
    }

    private static String contentOf(Path root) {
        TreeMap<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(root)) {
            for (Path found : files.toList()) {
                content.put(found.getFileName().toString(), Files.readString(found, StandardCharsets.US_ASCII));
            }
        } catch (IOException absent) {
            return "no folder";
        }
        return content.toString();
    }

    @Test
    void shouldKeepWhatWasSynced() throws IOException {
        makeDurableFile("abc");

        assertThat(statesLeft()).containsExactly("{file=abc}");
    }

    @Test
    void shouldKeepOrLoseANameWhoseFolderWasNotSynced() throws IOException {
        DurableFiles.createFolder(folder);
        Files.createFile(file);
        write(file, 0, "abc", true);

        assertThat(statesLeft()).containsExactlyInAnyOrder("{}", "{file=abc}");
    }

    @Test
    void shouldKeepOrLoseEachWriteByItself() throws IOException {
        makeDurableFile("abc");
        write(file, 3, "de", false);
        write(file, 5, "f", false);

        assertThat(statesLeft())
                .contains("{file=abc}", "{file=abcde}", "{file=abcdef}", "{file=abc\0\0f}")
                // the size of a write arrived, its bytes did not
                .contains("{file=abc\0\0}", "{file=abcde\0}")
                .allMatch(state -> state.startsWith("{file=abc"));
    }

    @Test
    void shouldTearAWriteWhereASectorEnds() throws IOException {
        makeDurableFile("a".repeat(500));
        write(file, 500, "b".repeat(600), false);

        assertThat(statesLeft().stream().map(SimulatedDiskTest::runLengths))
                .containsExactlyInAnyOrder(
                        "500a", // nothing arrived
                        "500a 600b", // everything
                        "500a 12b", // up to byte 512
                        "500a 524b", // up to byte 1024
                        "500a 600.", // the size, but no bytes
                        "500a 12b 588.",
                        "500a 12. 588b",
                        "500a 524b 76.",
                        "500a 524. 76b");
    }

    /** How often each letter follows itself, a point for zero bytes. */
    private static String runLengths(String state) {
        StringBuilder lengths = new StringBuilder();
        String content = state.substring("{file=".length(), state.length() - 1).replace('\0', '.');
        for (int from = 0, to; from < content.length(); from = to) {
            to = from + 1;
            while (to < content.length() && content.charAt(to) == content.charAt(from)) {
                to++;
            }
            lengths.append(from == 0 ? "" : " ").append(to - from).append(content.charAt(from));
        }
        return lengths.toString();
    }

    @Test
    void shouldReplaceAFileAsAWhole() throws IOException {
        makeDurableFile("old");
        Set<String> states = new HashSet<>();
        disk.observe((operation, changed) -> states.addAll(statesLeft()));

        DurableFiles.replace(file, ByteBuffer.wrap("new".getBytes(StandardCharsets.US_ASCII)));

        assertThat(states).allMatch(state -> state.contains("file=old") || state.contains("file=new"));
        assertThat(statesLeft()).containsExactly("{file=new}");
    }

    @Test
    void shouldKeepImagesApartFromTheDiskTheyWereMadeOf() throws IOException {
        makeDurableFile("abc");
        CrashImage image = CrashStates.anyOf(disk, new SplittableRandom(1));
        Path left = image.disk().fileSystem().getPath("/folder/file");

        write(file, 3, "disk", false);
        write(left, 3, "image", false);
        write(file, 0, "x", false);

        assertThat(Files.readString(file)).isEqualTo("xbcdisk");
        assertThat(Files.readString(left)).isEqualTo("abcimage");
    }

    @Test
    void shouldDropOrDelaySyncsAsItsRuleSays() throws IOException {
        SimulatedDisk liar =
                new SimulatedDisk((name, isFolder) -> isFolder ? SyncRule.Fate.DONE : SyncRule.Fate.DELAYED);
        Path root = liar.fileSystem().getPath("/");
        Files.createFile(root.resolve("a"));
        write(root.resolve("a"), 0, "abc", true);

        assertThat(liar.pending()).hasSize(2);
        DurableFiles.syncFolder(root);
        assertThat(liar.pending()).isEmpty();
    }

    @Test
    void shouldRefuseEverythingOnceThePowerIsCut() throws IOException {
        makeDurableFile("abc");
        disk.observe((operation, changed) -> {
            throw new PowerCut();
        });

        assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(PowerCut.class);
        assertThatThrownBy(() -> Files.size(file)).isInstanceOf(PowerCut.class);
    }

    /** The same calls on this machine's file system, which is right by definition. */
    @Test
    void shouldAnswerAsARealFileSystemDoes(@TempDir Path real) throws IOException {
        Files.createDirectory(disk.fileSystem().getPath("/real"));
        for (Path root : Stream.of(real, disk.fileSystem().getPath("/real")).toList()) {
            Path inner = root.resolve("one").resolve("two");
            DurableFiles.createFolder(inner);
            Files.createFile(inner.resolve("a"));
            assertThatThrownBy(() -> Files.createFile(inner.resolve("a")))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> Files.size(inner.resolve("b"))).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> FileChannel.open(inner.resolve("b"), READ))
                    .isInstanceOf(NoSuchFileException.class);
            write(inner.resolve("a"), 10, "abc", true);
            assertThat(Files.size(inner.resolve("a"))).isEqualTo(13);
            try (FileChannel channel = FileChannel.open(inner.resolve("a"), READ, WRITE)) {
                channel.truncate(11);
                channel.truncate(20);
                assertThat(channel.size()).isEqualTo(11);
                assertThat(channel.read(ByteBuffer.allocate(5), 11)).isEqualTo(-1);
                assertThat(channel.read(ByteBuffer.allocate(5), 9)).isEqualTo(2);
            }
            write(inner.resolve("a"), 12, "z", false);
            DurableFiles.replace(inner.resolve("b"), ByteBuffer.wrap(new byte[] {1, 2, 3}));

            assertThat(Files.readAllBytes(inner.resolve("a")))
                    .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'a', 0, 'z'});
            try (Stream<Path> files = Files.list(inner)) {
                assertThat(files.map(found -> found.getFileName().toString())).containsExactlyInAnyOrder("a", "b");
            }
            assertThat(Files.isDirectory(inner)).isTrue();
            assertThat(inner.resolve("a").endsWith("a")).isTrue();
            DurableFiles.deleteFolder(root.resolve("one"));
            DurableFiles.deleteFolder(root.resolve("one"));
            assertThat(Files.exists(root.resolve("one"))).isFalse();
        }
    }
}
