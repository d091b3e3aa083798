package io.flotilla.protocol.record;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyOutputStream;

/** The codecs with the settings that Kafka's clients default to, so that equal records make equal bytes. */
final class RecordCodec {
    private static final int GZIP_BUFFER_BYTES = 8 * 1024;

    private static final int SNAPPY_BLOCK_BYTES = 32 * 1024;

    private static final int ZSTD_LEVEL = 3;

    private RecordCodec() {}

    /**
     * @param output gets the compressed bytes and is closed with the result
     */
    static OutputStream compressing(Compression compression, OutputStream output) throws IOException {
        return switch (compression) {
            case NONE -> output;
            case GZIP -> new GZIPOutputStream(output, GZIP_BUFFER_BYTES);
            case SNAPPY -> new SnappyOutputStream(output, SNAPPY_BLOCK_BYTES);
            case LZ4 -> new LZ4FrameOutputStream(output, BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(output, RecyclingBufferPool.INSTANCE, ZSTD_LEVEL);
        };
    }

    /**
     * @param records read from its position on
     * @throws IOException if the beginning is malformed
     */
    static InflatedBlocks inflating(Compression compression, ByteBuffer records) throws IOException {
        return switch (compression) {
            case NONE -> new Plain(records);
            case GZIP -> new GzipBlocks(records);
            case SNAPPY -> new SnappyBlocks(records);
            case LZ4 -> new Lz4Blocks(records);
            case ZSTD -> new ZstdBlocks(records);
        };
    }

    /** Uncompressed records: a single block, the input itself. */
    private static final class Plain implements InflatedBlocks {
        private @Nullable ByteBuffer records;

        Plain(ByteBuffer records) {
            this.records = records;
        }

        @Override
        public @Nullable ByteBuffer next() {
            ByteBuffer block = records;
            records = null;
            return block;
        }
    }
}
