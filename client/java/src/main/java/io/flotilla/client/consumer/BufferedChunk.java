package io.flotilla.client.consumer;

import java.nio.ByteBuffer;

/**
 * Batches received and not yet returned by {@code poll}.
 *
 * @param epoch       the cursor's epoch when they came
 * @param startOffset first offset of interest
 * @param endOffset   where to read on
 * @param returnFrom  what becomes complete in front of this offset has been returned already
 * @param from        whose credit they hold
 */
record BufferedChunk(
        Cursor cursor,
        long epoch,
        ByteBuffer batches,
        long startOffset,
        long endOffset,
        long returnFrom,
        BrokerStream from) {
    int sizeInBytes() {
        return batches.remaining();
    }

    boolean isCurrent() {
        return cursor.epoch == epoch;
    }
}
