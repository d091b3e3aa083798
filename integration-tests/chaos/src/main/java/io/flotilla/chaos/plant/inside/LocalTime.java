package io.flotilla.chaos.plant.inside;

import io.flotilla.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Stamps batches with the time of the replica that applies them. */
public class LocalTime extends Counting {
    // Where the fields lie in a RecordBatch v2.
    private static final int CRC_AT = 17;
    private static final int AFTER_CRC = 21;
    private static final int BASE_TIMESTAMP_AT = 27;
    private static final int MAX_TIMESTAMP_AT = 35;

    /** A copy of the batch with the same records, as if they had been sent now. */
    public RecordBatch stamped(RecordBatch batch) {
        hit("P17-stamp");
        ByteBuffer original = batch.buffer();
        ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
        copy.put(original.duplicate()).flip();
        long now = System.currentTimeMillis();
        long span = copy.getLong(MAX_TIMESTAMP_AT) - copy.getLong(BASE_TIMESTAMP_AT);
        copy.putLong(BASE_TIMESTAMP_AT, now);
        copy.putLong(MAX_TIMESTAMP_AT, now + span);
        CRC32C checksum = new CRC32C();
        checksum.update(copy.duplicate().position(AFTER_CRC));
        copy.putInt(CRC_AT, (int) checksum.getValue());
        return RecordBatch.at(copy, 0);
    }
}
