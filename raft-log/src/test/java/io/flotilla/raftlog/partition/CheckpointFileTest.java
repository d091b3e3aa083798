package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.partition.rules.AppendedBatch;
import io.flotilla.raftlog.partition.rules.EpochStart;
import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.partition.rules.ProducerHistory;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.LogEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    private static final PartitionId ID = new PartitionId(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L), 17);

    private static final Checkpoint FULL = new Checkpoint(
            ID,
            new PartitionSettings(1 << 20, 1 << 16),
            new LogPosition(9, 1_234_567),
            new LogEnd(5_000, 4_000, 123_456, 1_700_000_000_000L),
            new PartitionRules.Memory(
                    40,
                    5_000,
                    new LeaderEpochs(List.of(new EpochStart(2, 0), new EpochStart(9, 4_321))),
                    List.of(
                            new ProducerHistory(77, (short) 3, List.of(new AppendedBatch(5, 10, 100, 2, 1_000))),
                            new ProducerHistory(
                                    12,
                                    (short) 0,
                                    List.of(
                                            new AppendedBatch(Integer.MAX_VALUE, 1, 4_500, 9, 2_000),
                                            new AppendedBatch(0, 7, 4_600, 9, 3_000))))));

    @Test
    void shouldReadWhatItWrote(@TempDir Path folder) throws IOException {
        CheckpointFile.write(folder, Checkpoint.initial(ID, PartitionSettings.DEFAULT));
        assertThat(CheckpointFile.read(folder, ID)).isEqualTo(Checkpoint.initial(ID, PartitionSettings.DEFAULT));

        CheckpointFile.write(folder, FULL);
        assertThat(CheckpointFile.read(folder, ID)).isEqualTo(FULL);
        assertThat(folder.toFile().list()).containsExactly("checkpoint");
    }

    @Test
    void shouldReadTheFormOfVersionOne(@TempDir Path folder) throws IOException {
        ByteBuffer stored = StoredExample.read("checkpoint-1.hex");
        Files.write(folder.resolve("checkpoint"), bytesOf(stored));

        assertThat(CheckpointFile.read(folder, ID)).isEqualTo(FULL);
        assertThat(CheckpointFile.encode(FULL)).isEqualTo(stored);
    }

    @Test
    void shouldRefuseAFileWithAnyByteChanged(@TempDir Path folder) throws IOException {
        Random random = new Random(3);
        byte[] whole = bytesOf(CheckpointFile.encode(FULL));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(folder.resolve("checkpoint"), damaged);

            assertThatThrownBy(() -> CheckpointFile.read(folder, ID))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseAFileOfAnyOtherLength(@TempDir Path folder) throws IOException {
        byte[] whole = bytesOf(CheckpointFile.encode(FULL));
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(folder.resolve("checkpoint"), Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> CheckpointFile.read(folder, ID)).isInstanceOf(IOException.class);
        }
    }

    private static byte[] bytesOf(ByteBuffer file) {
        byte[] bytes = new byte[file.remaining()];
        file.duplicate().get(bytes);
        return bytes;
    }
}
