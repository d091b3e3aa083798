package io.flotilla.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyCodec;

/**
 * Snappy in the framing that Kafka's Java clients write, that of snappy-java: a header of 8 bytes of magic, version and
 * compatible version, then blocks, each a length of 4 bytes and raw snappy. Other clients send one raw snappy block
 * without framing, which is read too. Read here rather than by snappy-java's stream, because that allocates what a
 * block's length declares, up to 512 MiB.
 */
final class SnappyBlocks implements InflatedBlocks {
    /** Raw snappy's densest element copies 64 bytes and takes 3, so a block cannot grow by more than this factor. */
    private static final int GROWTH_MAX = 22;

    private static final long MAGIC =
            ByteBuffer.wrap(SnappyCodec.getMagicHeader()).getLong();

    private static final int HEADER_BYTES = SnappyCodec.headerSize();

    private final ByteBuffer input;
    private final boolean framed;
    private byte[] compressed = new byte[0];
    private byte[] block = new byte[0];

    /**
     * @param input consumed up to its limit
     */
    SnappyBlocks(ByteBuffer input) throws IOException {
        this.input = input.slice(); // big-endian, whatever the other was
        this.framed = startsWithMagic();
        if (framed) {
            skipHeader();
        }
    }

    private boolean startsWithMagic() {
        return input.remaining() >= HEADER_BYTES && input.getLong(input.position()) == MAGIC;
    }

    private void skipHeader() throws IOException {
        int compatibleVersion = input.getInt(input.position() + HEADER_BYTES - Integer.BYTES);
        if (compatibleVersion < SnappyCodec.MINIMUM_COMPATIBLE_VERSION) {
            throw new IOException("framing is compatible with version " + compatibleVersion + ", expected "
                    + SnappyCodec.MINIMUM_COMPATIBLE_VERSION + " or more");
        }
        input.position(input.position() + HEADER_BYTES);
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        while (framed && startsWithMagic()) { // a producer that flushed in between
            skipHeader();
        }
        if (!input.hasRemaining()) {
            return null;
        }
        return inflate(framed ? blockLength() : input.remaining());
    }

    private int blockLength() throws IOException {
        if (input.remaining() < Integer.BYTES) {
            throw new IOException("ends within the length of a block");
        }
        int length = input.getInt();
        if (length < 0 || length > input.remaining()) {
            throw new IOException("block of " + length + " bytes where " + input.remaining() + " are left");
        }
        return length;
    }

    private ByteBuffer inflate(int length) throws IOException {
        compressed = atLeast(length, compressed);
        input.get(compressed, 0, length);
        int inflatedLength = Snappy.uncompressedLength(compressed, 0, length);
        if (inflatedLength < 0 || inflatedLength > (long) length * GROWTH_MAX) {
            throw new IOException("block of " + length + " bytes declares to inflate to " + inflatedLength);
        }
        block = atLeast(inflatedLength, block);
        int count = Snappy.uncompress(compressed, 0, length, block, 0);
        return ByteBuffer.wrap(block, 0, count);
    }

    private static byte[] atLeast(int length, byte[] array) {
        return array.length >= length ? array : new byte[length];
    }
}
