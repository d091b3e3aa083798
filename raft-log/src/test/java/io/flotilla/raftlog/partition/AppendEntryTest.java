package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AppendEntryTest {
    private static final PartitionId ID = new PartitionId(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L), 17);

    private static ByteBuffer entry() {
        return AppendEntry.encode(ID, 1_234, List.of(TestBatches.of(1_000, "a", "b"), TestBatches.of(2_000, "c")));
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        ByteBuffer padded = ByteBuffer.allocate(entry().remaining() + 10);
        padded.position(7).put(entry()).flip().position(7);

        AppendEntry decoded = (AppendEntry) PartitionEntry.decode(padded.asReadOnlyBuffer());

        assertThat(decoded.partition()).isEqualTo(ID);
        assertThat(decoded.proposedAtMillis()).isEqualTo(1_234);
        assertThat(decoded.batches())
                .extracting(RecordBatch::buffer)
                .containsExactly(TestBatches.of(1_000, "a", "b"), TestBatches.of(2_000, "c"));
        assertThat(padded.position()).isEqualTo(7);
    }

    @Test
    void shouldKeepTheFormOfVersionOne() throws IOException {
        ByteBuffer stored = StoredExample.read("append-entry-1.hex");

        assertThat(entry()).isEqualTo(stored);
        assertThat(((AppendEntry) PartitionEntry.decode(stored)).batches()).hasSize(2);
    }

    @Test
    void shouldRefuseAnEntryWithAnyByteChanged() {
        Random random = new Random(11);
        for (int at = 0; at < entry().remaining(); at++) {
            ByteBuffer damaged = entry();
            damaged.put(at, (byte) (damaged.get(at) ^ (1 << random.nextInt(8))));
            if (isOutsideEveryChecksum(at)) {
                continue;
            }

            assertThatThrownBy(() -> PartitionEntry.decode(damaged))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class);
        }
    }

    /** Base offset and leader epoch of a batch are set anew when it is applied. */
    private static boolean isOutsideEveryChecksum(int at) {
        int first = EntryHeader.BYTES + Integer.BYTES;
        int second = first + TestBatches.of(1_000, "a", "b").remaining() + Integer.BYTES;
        int inBatch = at >= second ? at - second : at - first;
        return (inBatch >= 0 && inBatch < 8) || (inBatch >= 12 && inBatch < 16);
    }

    @Test
    void shouldRefuseAnEntryOfAnyOtherLength() {
        for (int length = 0; length < entry().remaining(); length++) {
            ByteBuffer cut = entry().limit(length);

            assertThatThrownBy(() -> PartitionEntry.decode(cut)).isInstanceOf(IOException.class);
        }
        ByteBuffer longer =
                ByteBuffer.allocate(entry().remaining() + 1).put(entry()).rewind();
        assertThatThrownBy(() -> PartitionEntry.decode(longer)).isInstanceOf(IOException.class);
    }
}
