package io.flotilla.raftlog.segment;

import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A batch as its header in a segment tells it.
 *
 * @param position       its first byte in the segment
 * @param sizeInBytes    header included
 * @param firstTimestamp of its first record, milliseconds since the epoch; {@link RecordBatch#NO_TIMESTAMP} if it has none
 */
record StoredBatch(
        long baseOffset, long lastOffset, int position, int sizeInBytes, long firstTimestamp, long maxTimestamp) {
    // Where the fields lie in a RecordBatch v2; the codec's package has the whole table.
    static final int LENGTH_AT = 8;
    static final int LEADER_EPOCH_AT = 12;
    static final int AFTER_LEADER_EPOCH = 16;
    private static final int MAGIC_AT = 16;
    private static final int ATTRIBUTES_AT = 21;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int BASE_TIMESTAMP_AT = 27;
    private static final int MAX_TIMESTAMP_AT = 35;

    /** All records have the largest timestamp then. */
    private static final int LOG_APPEND_TIME_BIT = 0x08;

    /**
     * Reads the header at an index of the buffer.
     *
     * @param position where that is in the segment
     * @throws IOException if there is no header of a batch: the segment is corrupt
     */
    static StoredBatch at(ByteBuffer buffer, int index, int position) throws IOException {
        long baseOffset = buffer.getLong(index);
        int size = LEADER_EPOCH_AT + buffer.getInt(index + LENGTH_AT);
        int lastOffsetDelta = buffer.getInt(index + LAST_OFFSET_DELTA_AT);
        byte magic = buffer.get(index + MAGIC_AT);
        if (size < RecordBatch.HEADER_BYTES || lastOffsetDelta < 0 || magic != RecordBatch.MAGIC || baseOffset < 0) {
            throw new IOException("no batch at byte " + position + ": base offset " + baseOffset + ", size " + size
                    + ", magic " + magic + ", last offset delta " + lastOffsetDelta);
        }
        long maxTimestamp = buffer.getLong(index + MAX_TIMESTAMP_AT);
        boolean oneTime = (buffer.getShort(index + ATTRIBUTES_AT) & LOG_APPEND_TIME_BIT) != 0;
        long firstTimestamp = oneTime ? maxTimestamp : buffer.getLong(index + BASE_TIMESTAMP_AT);
        return new StoredBatch(baseOffset, baseOffset + lastOffsetDelta, position, size, firstTimestamp, maxTimestamp);
    }

    long nextOffset() {
        return lastOffset + 1;
    }

    int end() {
        return position + sizeInBytes;
    }
}
