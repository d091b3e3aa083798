package io.flotilla.raftlog.partition;

import java.nio.ByteBuffer;

/**
 * Whole committed record batches, one behind the other, as stored.
 *
 * @param batches        read-only; empty at the high watermark
 * @param nextOffset     one past the last record in {@code batches}, or the offset asked for when there are none
 * @param highWatermark  as it was at the read
 * @param logStartOffset as it was at the read
 */
public record FetchedBatches(ByteBuffer batches, long nextOffset, long highWatermark, long logStartOffset) {}
