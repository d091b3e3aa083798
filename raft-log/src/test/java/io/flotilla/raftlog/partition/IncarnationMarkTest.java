package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.segment.CorruptLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To which of its partition's groups a replica belongs is read for ever as it was stored, and never guessed. */
class IncarnationMarkTest {
    private static final IncarnationMark MARK = new IncarnationMark(3, 2, 420);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    private Path file() {
        return folder.resolve("incarnation");
    }

    @Test
    void shouldReadAndWriteWhatVersion1Stored() throws IOException {
        ByteBuffer example = StoredExample.read("incarnation-mark-1.hex");
        byte[] stored = new byte[example.remaining()];
        example.get(stored);
        Files.write(file(), stored);

        assertThat(IncarnationMark.read(folder)).isEqualTo(MARK);
        MARK.write(folder);
        assertThat(file()).hasBinaryContent(stored);
    }

    @Test
    void shouldNeedNoFileForTheFirstIncarnation() throws IOException {
        IncarnationMark.FIRST.write(folder);

        assertThat(file()).doesNotExist();
        assertThat(IncarnationMark.read(folder)).isEqualTo(IncarnationMark.FIRST);
        assertThat(IncarnationMark.FIRST.isUnfinished()).isFalse();
    }

    @Test
    void shouldRefuseEveryFlippedBit() throws IOException {
        MARK.write(folder);
        byte[] good = Files.readAllBytes(file());
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(), bad);

            assertThatThrownBy(() -> IncarnationMark.read(folder))
                    .as("bit %d", bit)
                    .isInstanceOf(CorruptLog.class);
        }
    }

    @Test
    void shouldNameEachIncarnationsGroupTheSameForEver() {
        PartitionId id = new PartitionId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), 7);

        assertThat(id.groupId()).hasToString("e5384ad7-710f-3af2-b65a-0dc48649e8f0");
        assertThat(id.groupId(0)).isEqualTo(id.groupId());
        assertThat(id.groupId(1)).hasToString("72e6853e-5e4d-3f9d-8df3-3015b98dfb05");
        assertThat(id.groupId(2)).hasToString("145b6bc4-56ae-3cab-adee-a758edc9d651");
    }
}
