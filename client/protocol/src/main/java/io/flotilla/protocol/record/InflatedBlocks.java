package io.flotilla.protocol.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records of a batch, inflated block by block. A codec may allocate no more for a block than its format's fixed
 * block size or a multiple of the bytes at hand, whatever the input declares.
 */
interface InflatedBlocks extends Closeable {
    /**
     * @return the next bytes, valid until the next call and perhaps empty; null at the end
     * @throws IOException if the input is malformed
     */
    @Nullable
    ByteBuffer next() throws IOException;

    @Override
    default void close() throws IOException {}
}
