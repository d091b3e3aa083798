package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdvanceLogStartTest {
    private static final AdvanceLogStart ENTRY = new AdvanceLogStart(
            new PartitionId(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L), 17), 1_234, 5_000_000_000L);

    @Test
    void shouldKeepTheFormOfVersionOne() throws IOException {
        ByteBuffer stored = StoredExample.read("advance-log-start-1.hex");

        assertThat(ENTRY.encode()).isEqualTo(stored);
        assertThat(PartitionEntry.decode(stored.asReadOnlyBuffer())).isEqualTo(ENTRY);
    }

    @Test
    void shouldRefuseAnEntryWithAnyBitChanged() {
        for (int bit = 0; bit < ENTRY.encode().remaining() * 8; bit++) {
            ByteBuffer damaged = ENTRY.encode();
            damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ (1 << bit % 8)));

            assertThatThrownBy(() -> PartitionEntry.decode(damaged))
                    .as("bit %d", bit)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseAnEntryOfAnyOtherLength() {
        int length = ENTRY.encode().remaining();
        for (int cut = 0; cut < length; cut++) {
            ByteBuffer shorter = ENTRY.encode().limit(cut);

            assertThatThrownBy(() -> PartitionEntry.decode(shorter)).isInstanceOf(IOException.class);
        }
        ByteBuffer longer = ByteBuffer.allocate(length + 1).put(ENTRY.encode()).rewind();
        assertThatThrownBy(() -> PartitionEntry.decode(longer)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldCarryTheResultingStartInItsAnswer() {
        assertThat(AdvanceLogStart.logStartOffsetIn(AdvanceLogStart.answer(77))).isEqualTo(77);
    }
}
