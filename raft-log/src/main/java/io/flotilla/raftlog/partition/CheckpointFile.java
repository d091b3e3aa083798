package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.partition.rules.AppendedBatch;
import io.flotilla.raftlog.partition.rules.EpochStart;
import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.partition.rules.ProducerHistory;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.CorruptLog;
import io.flotilla.raftlog.segment.DurableFiles;
import io.flotilla.raftlog.segment.LogEnd;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The file {@code checkpoint} in a replica's folder, replaced as a whole.
 *
 * <table>
 * <caption>Checkpoint, version 1; integers big-endian</caption>
 * <tr><th>Bytes</th><th>Field</th></tr>
 * <tr><td>4</td><td>magic, "FLCP"</td></tr>
 * <tr><td>4</td><td>version, 1</td></tr>
 * <tr><td>4</td><td>bytes of the body</td></tr>
 * <tr><td colspan="2">body:</td></tr>
 * <tr><td>16, 4</td><td>topic id, partition</td></tr>
 * <tr><td>4, 4</td><td>settings: largest segment, largest batch, in bytes</td></tr>
 * <tr><td>8, 8</td><td>term and index of the last entry applied</td></tr>
 * <tr><td>8, 8</td><td>log start offset, log end offset</td></tr>
 * <tr><td>8, 4</td><td>base offset of the last segment, its size in bytes</td></tr>
 * <tr><td>8</td><td>largest timestamp of the log, -2^63 for none</td></tr>
 * <tr><td>4</td><td>number of leader epochs, then for each: epoch (4), first offset (8)</td></tr>
 * <tr><td>4</td><td>number of producers, least recently used first, then for each: producer id (8), epoch (2),
 *     number of batches (2), then for each batch, oldest first: base sequence (4), offsets (4), base offset (8), leader
 *     epoch (4), append time in milliseconds since the epoch (8)</td></tr>
 * <tr><td colspan="2">behind the body:</td></tr>
 * <tr><td>4</td><td>CRC-32C of all bytes before</td></tr>
 * </table>
 */
final class CheckpointFile {
    static final String NAME = "checkpoint";

    private static final int MAGIC = 0x464C4350;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 12;
    private static final int CRC_BYTES = 4;
    private static final int FIXED_BODY_BYTES = 20 + 8 + 16 + 16 + 12 + 8 + 4 + 4;
    private static final int EPOCH_BYTES = 12;
    private static final int PRODUCER_BYTES = 12;
    private static final int BATCH_BYTES = 28;

    private CheckpointFile() {}

    /** Replaces a folder's checkpoint; it is durable when the method returns. */
    static void write(Path folder, Checkpoint checkpoint) throws IOException {
        DurableFiles.replace(folder.resolve(NAME), encode(checkpoint));
    }

    /**
     * Reads a replica's checkpoint.
     *
     * @throws IOException if there is none, or it is corrupt, of another version or of another partition
     */
    static Checkpoint read(Path folder, PartitionId partition) throws IOException {
        Path file = folder.resolve(NAME);
        try {
            Checkpoint found = decode(ByteBuffer.wrap(Files.readAllBytes(file)));
            if (!found.partition().equals(partition)) {
                throw new CorruptLog(file + " belongs to partition " + found.partition() + ", expected " + partition);
            }
            return found;
        } catch (IllegalArgumentException | BufferUnderflowException corrupt) {
            throw new CorruptLog(file + " is corrupt: " + corrupt.getMessage(), corrupt);
        }
    }

    static ByteBuffer encode(Checkpoint checkpoint) {
        List<EpochStart> epochs = checkpoint.memory().epochs().starts();
        List<ProducerHistory> producers = checkpoint.memory().producers();
        int bodyBytes = FIXED_BODY_BYTES + epochs.size() * EPOCH_BYTES;
        for (ProducerHistory producer : producers) {
            bodyBytes += PRODUCER_BYTES + producer.batches().size() * BATCH_BYTES;
        }
        ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + bodyBytes + CRC_BYTES);
        file.putInt(MAGIC).putInt(VERSION).putInt(bodyBytes);
        file.putLong(checkpoint.partition().topicId().getMostSignificantBits());
        file.putLong(checkpoint.partition().topicId().getLeastSignificantBits());
        file.putInt(checkpoint.partition().partition());
        file.putInt(checkpoint.settings().segmentBytesMax());
        file.putInt(checkpoint.settings().batchBytesMax());
        file.putLong(checkpoint.position().term()).putLong(checkpoint.position().index());
        file.putLong(checkpoint.logStartOffset()).putLong(checkpoint.end().endOffset());
        file.putLong(checkpoint.end().activeBase()).putInt(checkpoint.end().activeBytes());
        file.putLong(checkpoint.end().maxTimestamp());
        file.putInt(epochs.size());
        for (EpochStart epoch : epochs) {
            file.putInt(epoch.epoch()).putLong(epoch.startOffset());
        }
        file.putInt(producers.size());
        for (ProducerHistory producer : producers) {
            encode(file, producer);
        }
        return file.putInt(crcOf(file)).flip();
    }

    private static void encode(ByteBuffer file, ProducerHistory producer) {
        file.putLong(producer.producerId()).putShort(producer.epoch());
        file.putShort((short) producer.batches().size());
        for (AppendedBatch batch : producer.batches()) {
            file.putInt(batch.baseSequence()).putInt(batch.offsetCount());
            file.putLong(batch.baseOffset()).putInt(batch.leaderEpoch()).putLong(batch.appendTimeMillis());
        }
    }

    static Checkpoint decode(ByteBuffer file) {
        checkFrame(file);
        PartitionId partition = new PartitionId(new UUID(file.getLong(), file.getLong()), file.getInt());
        PartitionSettings settings = new PartitionSettings(file.getInt(), file.getInt());
        LogPosition position = new LogPosition(file.getLong(), file.getLong());
        long startOffset = file.getLong();
        LogEnd end = new LogEnd(file.getLong(), file.getLong(), file.getInt(), file.getLong());
        List<EpochStart> epochs = new ArrayList<>();
        for (int left = file.getInt(); left > 0; left--) {
            epochs.add(new EpochStart(file.getInt(), file.getLong()));
        }
        List<ProducerHistory> producers = new ArrayList<>();
        for (int left = file.getInt(); left > 0; left--) {
            producers.add(decodeProducer(file));
        }
        return new Checkpoint(
                partition,
                settings,
                position,
                end,
                new PartitionRules.Memory(startOffset, end.endOffset(), new LeaderEpochs(epochs), producers));
    }

    private static void checkFrame(ByteBuffer file) {
        int magic = file.getInt();
        int version = file.getInt();
        int bodyBytes = file.getInt();
        if (magic != MAGIC || version != VERSION) {
            throw new IllegalArgumentException("magic " + Integer.toHexString(magic) + " and version " + version
                    + "; this release knows magic 464c4350 and version 1");
        }
        if (bodyBytes != file.remaining() - CRC_BYTES) {
            throw new IllegalArgumentException(
                    "body of " + (file.remaining() - CRC_BYTES) + " bytes, expected " + bodyBytes);
        }
        int crc = crcOf(file.duplicate().position(file.limit() - CRC_BYTES));
        if (crc != file.getInt(file.limit() - CRC_BYTES)) {
            throw new IllegalArgumentException("its bytes do not agree with its CRC-32C");
        }
    }

    private static ProducerHistory decodeProducer(ByteBuffer file) {
        long producerId = file.getLong();
        short epoch = file.getShort();
        List<AppendedBatch> batches = new ArrayList<>();
        for (int left = file.getShort(); left > 0; left--) {
            batches.add(new AppendedBatch(file.getInt(), file.getInt(), file.getLong(), file.getInt(), file.getLong()));
        }
        return new ProducerHistory(producerId, epoch, batches);
    }

    /** Checksum of all bytes before the buffer's position. */
    private static int crcOf(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().flip());
        return (int) crc.getValue();
    }
}
