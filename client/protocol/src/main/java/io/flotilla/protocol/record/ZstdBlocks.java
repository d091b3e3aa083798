package io.flotilla.protocol.record;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard frames, back to back. A frame may declare a window of up to 128 MiB. It is reserved as address space only:
 * memory is taken as the window fills, and so no faster than the inflated bytes are counted.
 */
final class ZstdBlocks implements InflatedBlocks {
    /** Bytes inflated at a time: enough to make the calls into native code cheap. */
    private static final int BLOCK_BYTES = 16 * 1024;

    private final InputStream inflating;
    private final byte[] block = new byte[BLOCK_BYTES];

    /**
     * @param input consumed up to its limit
     */
    ZstdBlocks(ByteBuffer input) throws IOException {
        this.inflating = new ZstdInputStreamNoFinalizer(streamOf(input), RecyclingBufferPool.INSTANCE);
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

    private static InputStream streamOf(ByteBuffer buffer) {
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
