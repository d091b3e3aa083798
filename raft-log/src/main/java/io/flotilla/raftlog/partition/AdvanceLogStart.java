package io.flotilla.raftlog.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The Raft entry that takes the oldest records out of a partition's log, at a user's word or because they are older or
 * more than the topic keeps. It is replicated, so that all replicas begin at the same record.
 *
 * <table>
 * <caption>Body, behind the {@link EntryHeader}; integers big-endian</caption>
 * <tr><th>At</th><th>Bytes</th><th>Field</th></tr>
 * <tr><td>48</td><td>8</td><td>offset of the first record to keep</td></tr>
 * <tr><td>56</td><td>4</td><td>CRC-32C of these 8 bytes</td></tr>
 * </table>
 *
 * <p>Its answer is the log start offset (int64) that holds from then on; it never leaves the process.
 *
 * @param proposedAtMillis wall clock of the proposer, milliseconds since the epoch
 * @param offset           first record to keep, 0 or more
 */
record AdvanceLogStart(PartitionId partition, long proposedAtMillis, long offset) implements PartitionEntry {
    private static final int BODY_BYTES = Long.BYTES + Integer.BYTES;

    AdvanceLogStart {
        if (offset < 0) {
            throw new IllegalArgumentException("log start offset " + offset + " is negative");
        }
    }

    ByteBuffer encode() {
        ByteBuffer entry = new EntryHeader(
                        EntryHeader.Kind.ADVANCE_LOG_START, partition, proposedAtMillis, 0, BODY_BYTES)
                .encode();
        return entry.putLong(offset).putInt(crcOf(offset)).flip();
    }

    /** Reads the body, at which the buffer stands. */
    static AdvanceLogStart decode(EntryHeader header, ByteBuffer body) throws IOException {
        if (header.bodyBytes() != BODY_BYTES || header.batchCount() != 0) {
            throw new IOException("entry that advances the log start has " + header.bodyBytes() + " bytes and "
                    + header.batchCount() + " batches, expected " + BODY_BYTES + " and 0");
        }
        long offset = body.getLong();
        int crc = body.getInt();
        if (crc != crcOf(offset) || offset < 0) {
            throw new IOException("entry that advances the log start to " + offset + " has CRC-32C "
                    + Integer.toHexString(crc) + ", its bytes have " + Integer.toHexString(crcOf(offset)));
        }
        return new AdvanceLogStart(header.partition(), header.proposedAtMillis(), offset);
    }

    private static int crcOf(long offset) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(offset).flip());
        return (int) crc.getValue();
    }

    static ByteBuffer answer(long logStartOffset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(logStartOffset).flip();
    }

    static long logStartOffsetIn(ByteBuffer answer) {
        return answer.getLong(answer.position());
    }

    @Override
    public <R> R match(Cases<R> cases) throws IOException {
        return cases.advanceLogStart(this);
    }
}
