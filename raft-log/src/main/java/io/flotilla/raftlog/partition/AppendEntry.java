package io.flotilla.raftlog.partition;

import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The Raft entry by which batches come into a partition's log.
 *
 * <table>
 * <caption>Entry, version 1; integers big-endian</caption>
 * <tr><th>At</th><th>Bytes</th><th>Field</th></tr>
 * <tr><td>0</td><td>4</td><td>magic, "FLPE"</td></tr>
 * <tr><td>4</td><td>1</td><td>version, 1</td></tr>
 * <tr><td>5</td><td>1</td><td>kind, 1: append</td></tr>
 * <tr><td>6</td><td>2</td><td>bytes of this header, 48</td></tr>
 * <tr><td>8</td><td>16</td><td>topic id</td></tr>
 * <tr><td>24</td><td>4</td><td>partition</td></tr>
 * <tr><td>28</td><td>8</td><td>wall clock of the proposer, milliseconds since the epoch</td></tr>
 * <tr><td>36</td><td>4</td><td>number of batches, 1 or more</td></tr>
 * <tr><td>40</td><td>4</td><td>bytes behind this header</td></tr>
 * <tr><td>44</td><td>4</td><td>CRC-32C of the bytes before</td></tr>
 * <tr><td>48</td><td></td><td>for each batch its size in bytes (4) and the batch, a RecordBatch v2 with its own CRC</td></tr>
 * </table>
 *
 * @param proposedAtMillis wall clock of the proposer, milliseconds since the epoch
 * @param batches          views of the entry's bytes
 */
record AppendEntry(PartitionId partition, long proposedAtMillis, List<RecordBatch> batches) {
    static final int HEADER_BYTES = 48;

    /** Bytes an entry needs for a batch besides those of the batch. */
    static final int BATCH_OVERHEAD_BYTES = Integer.BYTES;

    private static final int MAGIC = 0x464C5045;
    private static final byte VERSION = 1;
    private static final byte KIND_APPEND = 1;
    private static final int CRC_AT = 44;

    /** Copies batches, each from position to limit, into one entry. */
    static ByteBuffer encode(PartitionId partition, long proposedAtMillis, List<ByteBuffer> batches) {
        int bodyBytes = 0;
        for (ByteBuffer batch : batches) {
            bodyBytes = Math.addExact(bodyBytes, BATCH_OVERHEAD_BYTES + batch.remaining());
        }
        ByteBuffer entry = ByteBuffer.allocate(HEADER_BYTES + bodyBytes);
        entry.putInt(MAGIC).put(VERSION).put(KIND_APPEND).putShort((short) HEADER_BYTES);
        entry.putLong(partition.topicId().getMostSignificantBits());
        entry.putLong(partition.topicId().getLeastSignificantBits());
        entry.putInt(partition.partition());
        entry.putLong(proposedAtMillis).putInt(batches.size()).putInt(bodyBytes);
        entry.putInt(crcOf(entry));
        for (ByteBuffer batch : batches) {
            entry.putInt(batch.remaining()).put(batch.duplicate());
        }
        return entry.flip();
    }

    /**
     * Views an entry from its position to its limit.
     *
     * @throws IOException if it is not an entry of a known version and kind, or does not agree with its checksums: it
     *     was corrupted, or written by a newer release
     */
    static AppendEntry decode(ByteBuffer entry) throws IOException {
        ByteBuffer bytes = entry.slice();
        if (bytes.remaining() < HEADER_BYTES || bytes.getInt() != MAGIC) {
            throw new IOException("not a partition's entry: " + bytes.limit() + " bytes without the magic number");
        }
        byte version = bytes.get();
        byte kind = bytes.get();
        short headerBytes = bytes.getShort();
        if (version != VERSION || kind != KIND_APPEND || headerBytes != HEADER_BYTES) {
            throw new IOException("entry of version " + version + ", kind " + kind + " and " + headerBytes
                    + " header bytes; this release knows version 1, kind 1, 48 bytes");
        }
        int expectedCrc = crcOf(bytes);
        if (bytes.getInt(CRC_AT) != expectedCrc) {
            throw new IOException("entry header has CRC-32C " + Integer.toHexString(bytes.getInt(CRC_AT))
                    + ", its bytes have " + Integer.toHexString(expectedCrc));
        }
        PartitionId partition = new PartitionId(new UUID(bytes.getLong(), bytes.getLong()), bytes.getInt());
        long proposedAtMillis = bytes.getLong();
        int count = bytes.getInt();
        int bodyBytes = bytes.getInt();
        bytes.position(HEADER_BYTES);
        if (bodyBytes != bytes.remaining()) {
            throw new IOException("entry has " + bytes.remaining() + " bytes of batches, expected " + bodyBytes);
        }
        return new AppendEntry(partition, proposedAtMillis, batchesOf(bytes, count));
    }

    private static List<RecordBatch> batchesOf(ByteBuffer body, int count) throws IOException {
        List<RecordBatch> batches = new ArrayList<>();
        try {
            while (body.hasRemaining()) {
                int size = body.remaining() < Integer.BYTES ? -1 : body.getInt();
                if (size < RecordBatch.HEADER_BYTES || size > body.remaining()) {
                    throw new IOException("entry has a batch of " + size + " bytes in the last " + body.remaining());
                }
                RecordBatch batch = RecordBatch.at(body.slice(body.position(), size), 0);
                if (batch.sizeInBytes() != size || batch.lastOffsetDelta() < 0) {
                    throw new IOException("entry has a batch of " + size + " bytes whose own header tells "
                            + batch.sizeInBytes() + " and last offset delta " + batch.lastOffsetDelta());
                }
                batch.checkCrc();
                batches.add(batch);
                body.position(body.position() + size);
            }
        } catch (Refused corrupt) {
            throw new IOException(
                    "batch " + batches.size() + " of the entry is corrupt: " + corrupt.getMessage(), corrupt);
        }
        if (batches.size() != count) {
            throw new IOException("entry has " + batches.size() + " batches, expected " + count);
        }
        return batches;
    }

    private static int crcOf(ByteBuffer entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry.slice(0, CRC_AT));
        return (int) crc.getValue();
    }
}
