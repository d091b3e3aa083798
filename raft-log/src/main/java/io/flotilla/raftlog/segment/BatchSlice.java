package io.flotilla.raftlog.segment;

import java.nio.ByteBuffer;

/**
 * Whole batches, as stored.
 *
 * @param bytes      read-only
 * @param nextOffset one past their last record
 */
public record BatchSlice(ByteBuffer bytes, long nextOffset) {}
