package io.flotilla.raftlog.catchup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.partition.TestBatches;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.SegmentCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching into a replica's folder and changing over, with files and without anything else. */
class StagedReplicaTest {
    private static final GroupId GROUP = new GroupId(new UUID(3, 4));
    private static final LogPosition POSITION = new LogPosition(2, 50);
    private static final String CHECKPOINT = "checkpoint";

    private static final byte[] FIRST = segment(0, 10);
    private static final byte[] SECOND = segment(10, 10);
    private static final byte[] THIRD = segment(20, 10);

    private Path folder;
    private StagedReplica staged;
    private int bytesAsked;
    private boolean repair;

    /** Batches of one record each, placed at their offsets. */
    private static byte[] segment(long baseOffset, int records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < records; i++) {
            ByteBuffer batch = TestBatches.of(1_000, "record " + (baseOffset + i));
            byte[] placed = new byte[batch.remaining()];
            batch.get(placed);
            RecordBatch.place(ByteBuffer.wrap(placed), 0, baseOffset + i, 1);
            bytes.writeBytes(placed);
        }
        return bytes.toByteArray();
    }

    private static SegmentSummary summary(Path file, long base, byte[] content) throws IOException {
        Files.write(file, content);
        return new SegmentSummary(base, content.length, SegmentCheck.crcOf(file, content.length));
    }

    private ReplicaManifest manifest() throws IOException {
        Path scratch = folder.resolveSibling("scratch");
        return new ReplicaManifest(
                GROUP,
                POSITION,
                ByteBuffer.wrap("new".getBytes(StandardCharsets.US_ASCII)),
                List.of(summary(scratch, 0, FIRST), summary(scratch, 10, SECOND), summary(scratch, 20, THIRD)));
    }

    @BeforeEach
    void makeFolder(@TempDir Path root) throws IOException {
        folder = Files.createDirectory(root.resolve("replica"));
        Files.writeString(folder.resolve(CHECKPOINT), "old");
        staged = new StagedReplica(folder, CHECKPOINT);
    }

    private void have(long base, byte[] content) throws IOException {
        Files.write(folder.resolve(SegmentCheck.nameOf(base)), content);
    }

    private static final Map<Long, byte[]> REMOTE = Map.of(0L, FIRST, 10L, SECOND, 20L, THIRD);

    private void fetch() throws IOException {
        fetch(REMOTE, 30);
    }

    private void fetch(Map<Long, byte[]> remote, long endOffset) throws IOException {
        bytesAsked = 0;
        ReplicaManifest manifest = manifest();
        ReplicaSource.Offer offer = new ReplicaSource.Offer() {
            @Override
            public ReplicaManifest manifest() {
                return manifest;
            }

            @Override
            public ByteBuffer read(long baseOffset, int position, int length) {
                bytesAsked += length;
                return ByteBuffer.wrap(remote.get(baseOffset), position, length);
            }

            @Override
            public String origin() {
                return "a test";
            }
        };
        SegmentFetch.Meter meter = new SegmentFetch.Meter() {
            @Override
            public void before(int bytes) {}

            @Override
            public void received(int bytes) {}
        };
        FetchRequest request = new FetchRequest(GROUP, 50, staged, checked -> endOffset, repair);
        assertThat(new ReplicaFetch(request, offer, 64, meter).run()).isEqualTo(POSITION);
    }

    private LogPosition install() throws IOException {
        return staged.install(true, Optional.empty());
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private void assertInstalled() throws IOException {
        assertThat(folder).isDirectoryNotContaining(Files::isDirectory);
        assertThat(files().keySet())
                .containsExactly(
                        SegmentCheck.nameOf(0),
                        SegmentCheck.nameOf(10),
                        SegmentCheck.nameOf(20),
                        CHECKPOINT,
                        "installed");
        REMOTE.forEach((base, content) ->
                assertThat(folder.resolve(SegmentCheck.nameOf(base))).hasBinaryContent(content));
        assertThat(folder.resolve(CHECKPOINT)).hasContent("new");
        assertThat(staged.installed()).isEqualTo(POSITION);
    }

    @Test
    void shouldFetchOnlyWhatDiffersAndLeaveTheReplicaAloneUntilItChangesOver() throws IOException {
        have(0, FIRST);
        have(10, Arrays.copyOf(SECOND, 100));
        have(77, THIRD);
        Map<String, byte[]> before = files();

        fetch();

        assertThat(bytesAsked).isEqualTo(SECOND.length - 100 + THIRD.length);
        assertThat(files()).usingRecursiveComparison().isEqualTo(before);
        assertThat(install()).isEqualTo(POSITION);
        assertInstalled();
    }

    @Test
    void shouldFetchASegmentWholeWhoseBeginningIsAnother() throws IOException {
        byte[] other = Arrays.copyOf(SECOND, 100);
        other[70] ^= 1;
        have(0, FIRST);
        have(10, other);

        fetch();
        install();

        assertInstalled();
        assertThat(bytesAsked).isEqualTo(SECOND.length - 100 + SECOND.length + THIRD.length);
    }

    @Test
    void shouldCutASegmentThatIsLongerThanWanted() throws IOException {
        have(20, (new String(THIRD, StandardCharsets.ISO_8859_1) + "more").getBytes(StandardCharsets.ISO_8859_1));

        fetch();
        install();

        assertInstalled();
        assertThat(bytesAsked).isEqualTo(FIRST.length + SECOND.length);
    }

    @Test
    void shouldGoOnWithWhatAnEarlierFetchGathered() throws IOException {
        Files.createDirectory(folder.resolve("incoming"));
        Files.write(staged.incoming(0), FIRST);
        Files.write(staged.incoming(10), Arrays.copyOf(SECOND, 30));
        Files.write(staged.incoming(99), THIRD);

        fetch();
        install();

        assertInstalled();
        assertThat(bytesAsked).isEqualTo(SECOND.length - 30 + THIRD.length);
    }

    @Test
    void shouldGoOnWithWhatIsCompleteButTooOld() throws IOException {
        fetch();
        fetch();

        assertThat(bytesAsked).isZero();
        install();
        assertInstalled();
    }

    @Test
    void shouldNotDeclareCompleteWhatTheManifestDoesNotSay() throws IOException {
        byte[] flipped = THIRD.clone();
        flipped[70] ^= 1;

        assertThatThrownBy(() -> fetch(Map.of(0L, FIRST, 10L, SECOND, 20L, flipped), 30))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> fetch(REMOTE, 31)).hasMessageContaining("next record has offset 31");

        assertThat(staged.complete()).isEmpty();
        assertThat(folder.resolve(CHECKPOINT)).hasContent("old");
    }

    /** Each row of steps that a crash let happen before it; the rest is done by the next start. */
    @Test
    void shouldFinishAnInstallationThatACrashCutShortAnywhere(@TempDir Path root) throws IOException {
        List<String> moved = List.of(SegmentCheck.nameOf(0), SegmentCheck.nameOf(10), SegmentCheck.nameOf(20));
        for (int done = 0; done <= moved.size() + 2; done++) {
            makeFolder(Files.createDirectory(root.resolve("crash-" + done)));
            have(10, Arrays.copyOf(SECOND, 100));
            have(77, THIRD);
            fetch();
            Path fetched = folder.resolve("fetched");
            for (String name : moved.subList(0, Math.min(done, moved.size()))) {
                Files.move(fetched.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            if (done > moved.size()) {
                Files.delete(folder.resolve(SegmentCheck.nameOf(77)));
                InstalledMark.write(folder, POSITION);
            }
            if (done > moved.size() + 1) {
                Files.writeString(folder.resolve(CHECKPOINT), "new");
            }

            install();

            assertInstalled();
        }
    }

    @Test
    void shouldNotInstallIfASegmentToKeepIsGone() throws IOException {
        have(0, FIRST);
        fetch();
        Files.delete(folder.resolve(SegmentCheck.nameOf(0)));

        assertThatThrownBy(this::install).hasMessageContaining("to be kept");
        assertThat(folder.resolve(CHECKPOINT)).hasContent("old");
    }

    @Test
    void shouldKeepWhatARepairReplacesAndNothingElse() throws IOException {
        byte[] damaged = SECOND.clone();
        damaged[70] ^= 1;
        have(0, FIRST);
        have(10, damaged);
        have(77, THIRD);
        repair = true;
        Path quarantine = folder.resolveSibling("quarantine").resolve("replica");

        fetch();
        assertThat(staged.isRepair()).isTrue();
        staged.install(false, Optional.of(quarantine));

        assertThat(quarantine.resolve(SegmentCheck.nameOf(10))).hasBinaryContent(damaged);
        assertThat(quarantine.resolve(SegmentCheck.nameOf(77))).hasBinaryContent(THIRD);
        assertThat(quarantine.resolve(CHECKPOINT)).hasContent("old");
        assertThat(quarantine.resolve(SegmentCheck.nameOf(0))).doesNotExist();
        assertThat(folder.resolve(SegmentCheck.nameOf(10))).hasBinaryContent(SECOND);
        assertThat(folder.resolve(CHECKPOINT)).hasContent("new");
        assertThat(staged.installed())
                .as("its Raft log must reach the checkpoint")
                .isEqualTo(LogPosition.NONE);
    }
}
