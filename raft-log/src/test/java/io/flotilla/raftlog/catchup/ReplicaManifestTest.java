package io.flotilla.raftlog.catchup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.partition.StoredExample;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifest's form, and that of the mark an installed one leaves. */
class ReplicaManifestTest {
    private static final ReplicaManifest FULL = new ReplicaManifest(
            new GroupId(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L)),
            new LogPosition(9, 1_234_567),
            ByteBuffer.wrap("checkpoint".getBytes(StandardCharsets.US_ASCII)),
            List.of(new SegmentSummary(0, 65_536, 0xCAFEBABE), new SegmentSummary(4_711, 1, -1)));

    @Test
    void shouldReadTheFormOfVersionOne() throws IOException {
        ByteBuffer stored = StoredExample.read(ReplicaManifestTest.class, "replica-manifest-1.hex");

        assertThat(ReplicaManifest.decode(stored.duplicate())).isEqualTo(FULL);
        assertThat(FULL.encode()).isEqualTo(stored);
    }

    @Test
    void shouldReadOneOfAnEmptyReplica() throws IOException {
        ReplicaManifest empty = new ReplicaManifest(FULL.group(), LogPosition.NONE, ByteBuffer.allocate(0), List.of());

        assertThat(ReplicaManifest.decode(empty.encode())).isEqualTo(empty);
        assertThat(empty.bytes()).isZero();
        assertThat(FULL.bytes()).isEqualTo(65_537);
    }

    @Test
    void shouldRefuseAnyByteChangedAndAnyOtherLength() {
        byte[] whole = FULL.encode().array();
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            byte[] shortened = Arrays.copyOf(whole, at);

            assertThatThrownBy(() -> ReplicaManifest.decode(ByteBuffer.wrap(damaged)))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> ReplicaManifest.decode(ByteBuffer.wrap(shortened)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseSegmentsOutOfOrder() {
        List<SegmentSummary> twice = List.of(new SegmentSummary(5, 1, 1), new SegmentSummary(5, 2, 2));

        assertThatThrownBy(() -> new ReplicaManifest(FULL.group(), FULL.position(), ByteBuffer.allocate(0), twice))
                .hasMessageContaining("order");
    }

    @Test
    void shouldReadTheMarkOfVersionOne(@TempDir Path folder) throws IOException {
        assertThat(InstalledMark.read(folder)).isEqualTo(LogPosition.NONE);
        Files.write(folder.resolve(InstalledMark.NAME), storedMark());

        assertThat(InstalledMark.read(folder)).isEqualTo(FULL.position());
        assertThat(InstalledMark.encode(FULL.position())).isEqualTo(ByteBuffer.wrap(storedMark()));
    }

    @Test
    void shouldDropAMarkThatIsDamagedAnywhere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve(InstalledMark.NAME);
        for (int at = 0; at < storedMark().length; at++) {
            byte[] damaged = storedMark();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);

            assertThat(InstalledMark.read(folder)).isEqualTo(LogPosition.NONE);
            assertThat(file).doesNotExist();
        }
    }

    private static byte[] storedMark() throws IOException {
        byte[] stored = new byte[32];
        StoredExample.read(ReplicaManifestTest.class, "installed-mark-1.hex").get(stored);
        return stored;
    }
}
