package io.flotilla.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Blocks from a codec whose library offers a stream: gzip and zstd. */
final class StreamBlocks implements InflatedBlocks {
    /** Bytes inflated at a time: enough to make the calls into native code cheap. */
    private static final int BLOCK_BYTES = 16 * 1024;

    private final InputStream inflating;
    private final byte[] block = new byte[BLOCK_BYTES];

    /**
     * @param inflating owned by the blocks
     */
    StreamBlocks(InputStream inflating) {
        this.inflating = inflating;
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        int count = inflating.read(block, 0, block.length);
        return count < 0 ? null : ByteBuffer.wrap(block, 0, count);
    }

    @Override
    public void close() throws IOException {
        inflating.close();
    }

    /** What is left of a buffer, as the stream that the codec libraries read. */
    static InputStream streamOf(ByteBuffer buffer) {
        return new InputStream() {
            @Override
            public int read() {
                return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (length > 0 && !buffer.hasRemaining()) {
                    return -1;
                }
                int count = Math.min(length, buffer.remaining());
                buffer.get(into, offset, count);
                return count;
            }

            @Override
            public int available() {
                return buffer.remaining();
            }
        };
    }
}
