package io.flotilla.raftlog.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first bytes of every entry in a partition's Raft log.
 *
 * <table>
 * <caption>Entry, version 1; integers big-endian</caption>
 * <tr><th>At</th><th>Bytes</th><th>Field</th></tr>
 * <tr><td>0</td><td>4</td><td>magic, "FLPE"</td></tr>
 * <tr><td>4</td><td>1</td><td>version, 1</td></tr>
 * <tr><td>5</td><td>1</td><td>kind, 1: {@link AppendEntry}, 2: {@link AdvanceLogStart}</td></tr>
 * <tr><td>6</td><td>2</td><td>bytes of this header, 48</td></tr>
 * <tr><td>8</td><td>16</td><td>topic id</td></tr>
 * <tr><td>24</td><td>4</td><td>partition</td></tr>
 * <tr><td>28</td><td>8</td><td>wall clock of the proposer, milliseconds since the epoch</td></tr>
 * <tr><td>36</td><td>4</td><td>number of batches, 0 in entries of other kinds than 1</td></tr>
 * <tr><td>40</td><td>4</td><td>bytes behind this header</td></tr>
 * <tr><td>44</td><td>4</td><td>CRC-32C of the bytes before</td></tr>
 * <tr><td>48</td><td></td><td>the body, as the kind's class describes it</td></tr>
 * </table>
 */
record EntryHeader(Kind kind, PartitionId partition, long proposedAtMillis, int batchCount, int bodyBytes) {
    static final int BYTES = 48;

    private static final int MAGIC = 0x464C5045;
    private static final byte VERSION = 1;
    private static final int CRC_AT = 44;

    /** The kinds of entries; their place in this list is not stored. */
    enum Kind {
        APPEND(1),
        ADVANCE_LOG_START(2);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }

        private static Kind ofNumber(byte number) throws IOException {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IOException("entry of kind " + number + "; this release knows kinds 1 and 2");
        }
    }

    /** A buffer for the whole entry, at the end of its header. */
    ByteBuffer encode() {
        ByteBuffer entry = ByteBuffer.allocate(Math.addExact(BYTES, bodyBytes));
        entry.putInt(MAGIC).put(VERSION).put(kind.number).putShort((short) BYTES);
        entry.putLong(partition.topicId().getMostSignificantBits());
        entry.putLong(partition.topicId().getLeastSignificantBits());
        entry.putInt(partition.partition());
        entry.putLong(proposedAtMillis).putInt(batchCount).putInt(bodyBytes);
        return entry.putInt(crcOf(entry));
    }

    /**
     * Reads the header at the beginning of an entry and leaves the buffer at its body.
     *
     * @throws IOException if there is none of a known version and kind, or its bytes or length are wrong
     */
    static EntryHeader decode(ByteBuffer entry) throws IOException {
        if (entry.remaining() < BYTES || entry.getInt() != MAGIC) {
            throw new IOException("not a partition's entry: " + entry.limit() + " bytes without the magic number");
        }
        byte version = entry.get();
        byte kind = entry.get();
        short headerBytes = entry.getShort();
        if (version != VERSION || headerBytes != BYTES) {
            throw new IOException("entry of version " + version + " and " + headerBytes
                    + " header bytes; this release knows version 1, 48 bytes");
        }
        int expectedCrc = crcOf(entry);
        if (entry.getInt(CRC_AT) != expectedCrc) {
            throw new IOException("entry header has CRC-32C " + Integer.toHexString(entry.getInt(CRC_AT))
                    + ", its bytes have " + Integer.toHexString(expectedCrc));
        }
        PartitionId partition = new PartitionId(new UUID(entry.getLong(), entry.getLong()), entry.getInt());
        EntryHeader header =
                new EntryHeader(Kind.ofNumber(kind), partition, entry.getLong(), entry.getInt(), entry.getInt());
        entry.position(BYTES);
        if (header.bodyBytes != entry.remaining()) {
            throw new IOException(
                    "entry has " + entry.remaining() + " bytes behind its header, expected " + header.bodyBytes);
        }
        return header;
    }

    private static int crcOf(ByteBuffer entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry.slice(0, CRC_AT));
        return (int) crc.getValue();
    }
}
