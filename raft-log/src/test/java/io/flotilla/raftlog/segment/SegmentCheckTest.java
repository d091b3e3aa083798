package io.flotilla.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.TestBatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentCheckTest {
    private static final long BASE = 7;

    private Path file;
    private byte[] content;
    private long endOffset = BASE;
    private int lastBatchAt;

    /** Batches of all sizes, one larger than any window. */
    @BeforeEach
    void write(@TempDir Path folder) throws IOException {
        Random random = new Random(1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            lastBatchAt = bytes.size();
            add(bytes, i == 100 ? TestBatches.of(5, "x".repeat(700_000)) : TestBatches.random(random, 1_000));
        }
        content = bytes.toByteArray();
        file = folder.resolve("segment");
        Files.write(file, content);
    }

    private void add(ByteArrayOutputStream bytes, ByteBuffer batch) {
        byte[] placed = new byte[batch.remaining()];
        batch.get(placed);
        RecordBatch.place(ByteBuffer.wrap(placed), 0, endOffset, 3);
        endOffset += RecordBatch.at(ByteBuffer.wrap(placed), 0).lastOffsetDelta() + 1;
        bytes.writeBytes(placed);
    }

    private static int crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Test
    void shouldTellChecksumAndEndOfWholeBatches() throws IOException {
        assertThat(SegmentCheck.check(file, BASE, content.length))
                .isEqualTo(new SegmentCheck.Checked(crcOf(content), endOffset));
        assertThat(SegmentCheck.crcOf(file, content.length)).isEqualTo(crcOf(content));
        assertThat(SegmentCheck.check(file, BASE, lastBatchAt).crc())
                .isEqualTo(SegmentCheck.crcOf(file, lastBatchAt))
                .isEqualTo(crcOf(Arrays.copyOf(content, lastBatchAt)));
        assertThat(SegmentCheck.check(file, BASE, 0)).isEqualTo(new SegmentCheck.Checked(0, BASE));
    }

    @Test
    void shouldRefuseDamageAnywhere() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = content.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);

            boolean sameEnd;
            try {
                // The leader epoch is under no CRC of a batch; the segment's own tells.
                sameEnd = SegmentCheck.check(file, BASE, content.length).crc() == crcOf(content);
            } catch (IOException found) {
                sameEnd = false;
            }
            assertThat(sameEnd).as("byte %d", at).isFalse();
        }
    }

    @Test
    void shouldRefuseHolesCutsAndShortFiles() {
        assertThatThrownBy(() -> SegmentCheck.check(file, BASE + 1, content.length))
                .hasMessageContaining("expected " + (BASE + 1));
        assertThatThrownBy(() -> SegmentCheck.check(file, BASE, content.length - 1))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SegmentCheck.check(file, BASE, lastBatchAt + 20))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SegmentCheck.check(file, BASE, content.length + 1))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SegmentCheck.crcOf(file, content.length + 1)).isInstanceOf(IOException.class);
    }
}
