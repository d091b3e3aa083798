package io.flotilla.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/**
 * One LZ4 frame as Kafka's clients write it: independent blocks of up to 4 MiB, with or without content size and
 * checksums. Read here rather than by lz4-java's stream, because that allocates two blocks of the declared size for
 * every frame. The header's and the blocks' checksums are checked, the content's is not: the batch has its own. The
 * format is that of the LZ4 frame specification 1.6, integers little-endian.
 */
final class Lz4Blocks implements InflatedBlocks {
    private static final int MAGIC = 0x184D2204;
    private static final int VERSION = 1;
    private static final int CONTENT_CHECKSUM_BIT = 0x04;
    private static final int CONTENT_SIZE_BIT = 0x08;
    private static final int BLOCK_CHECKSUM_BIT = 0x10;
    private static final int BLOCK_INDEPENDENCE_BIT = 0x20;
    private static final int FLAG_RESERVED_BITS = 0x03;
    private static final int DESCRIPTOR_RESERVED_BITS = 0x8f;
    private static final int BLOCK_SIZE_ID_MIN = 4;
    private static final int STORED_BIT = 0x80000000;

    /** LZ4 adds at most 255 bytes of output per byte of input, so a block cannot grow by more than this factor. */
    private static final int GROWTH_MAX = 255;

    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();
    private static final XXHash32 CHECKSUM = XXHashFactory.fastestInstance().hash32();

    private final ByteBuffer input;
    private final boolean blockChecksums;
    private final boolean contentChecksum;
    private final int blockBytesMax;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private boolean ended;

    /**
     * @param input consumed up to the end of the frame
     */
    Lz4Blocks(ByteBuffer input) throws IOException {
        this.input = input.slice().order(ByteOrder.LITTLE_ENDIAN);
        require(Integer.BYTES + 2);
        int magic = this.input.getInt();
        if (magic != MAGIC) {
            throw new IOException(
                    "frame begins with " + Integer.toHexString(magic) + ", expected " + Integer.toHexString(MAGIC));
        }
        int descriptorStart = this.input.position();
        int flags = this.input.get() & 0xff;
        int descriptor = this.input.get() & 0xff;
        int blockSizeId = descriptor >>> 4;
        if (flags >>> 6 != VERSION
                || (flags & FLAG_RESERVED_BITS) != 0
                || (flags & BLOCK_INDEPENDENCE_BIT) == 0
                || (descriptor & DESCRIPTOR_RESERVED_BITS) != 0
                || blockSizeId < BLOCK_SIZE_ID_MIN) {
            throw new IOException("frame with flags " + flags + " and block descriptor " + descriptor
                    + " is not one of independent blocks of 64 KiB to 4 MiB");
        }
        blockChecksums = (flags & BLOCK_CHECKSUM_BIT) != 0;
        contentChecksum = (flags & CONTENT_CHECKSUM_BIT) != 0;
        blockBytesMax = 1 << (8 + 2 * blockSizeId);
        if ((flags & CONTENT_SIZE_BIT) != 0) {
            require(Long.BYTES);
            this.input.getLong();
        }
        int descriptorBytes = this.input.position() - descriptorStart;
        require(1);
        int computed = CHECKSUM.hash(this.input, descriptorStart, descriptorBytes, 0) >>> 8 & 0xff;
        int stored = this.input.get() & 0xff;
        if (computed != stored) {
            throw new IOException("frame header has checksum " + computed + ", it says " + stored);
        }
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        if (ended) {
            return null;
        }
        require(Integer.BYTES);
        int field = input.getInt();
        int length = field & ~STORED_BIT;
        if (length == 0) {
            ended = true;
            require(contentChecksum ? Integer.BYTES : 0);
            return null;
        }
        if (length > blockBytesMax) {
            throw new IOException("block of " + length + " bytes in a frame of blocks up to " + blockBytesMax);
        }
        require(length + (blockChecksums ? Integer.BYTES : 0));
        int start = input.position();
        input.position(start + length);
        if (blockChecksums && input.getInt() != CHECKSUM.hash(input, start, length, 0)) {
            throw new IOException("checksum of the block of " + length + " bytes is wrong");
        }
        return (field & STORED_BIT) != 0 ? input.slice(start, length) : inflate(start, length);
    }

    private ByteBuffer inflate(int start, int length) {
        int sizeMax = (int) Math.min(blockBytesMax, (long) length * GROWTH_MAX);
        if (block.capacity() < sizeMax) {
            block = ByteBuffer.allocate(sizeMax);
        }
        int count = DECOMPRESSOR.decompress(input, start, length, block, 0, sizeMax);
        return block.slice(0, count);
    }

    private void require(int count) throws IOException {
        if (input.remaining() < count) {
            throw new IOException("ends " + (count - input.remaining()) + " bytes too early");
        }
    }
}
