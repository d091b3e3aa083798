package io.flotilla.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Gzip members, back to back, as RFC 1952 has them. Read here rather than by the JDK's stream, because that enters
 * itself once more for each member, and fifty thousand empty ones, which fit a batch, overflow the stack. Integers are
 * little-endian.
 */
final class GzipBlocks implements InflatedBlocks {
    /** Bytes inflated at a time: enough to make the calls into native code cheap. */
    private static final int BLOCK_BYTES = 16 * 1024;

    private static final int MAGIC = 0x8b1f;
    private static final int DEFLATE = 8;

    /** Magic, method, flags, time, extra flags, operating system. */
    private static final int FIXED_HEADER_BYTES = 10;

    private static final int HEADER_CRC_BIT = 0x02;
    private static final int EXTRA_BIT = 0x04;
    private static final int NAME_BIT = 0x08;
    private static final int COMMENT_BIT = 0x10;
    private static final int RESERVED_BITS = 0xe0;

    private final ByteBuffer input;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] block = new byte[BLOCK_BYTES];

    private boolean withinMember;

    /**
     * @param input consumed up to its limit
     */
    GzipBlocks(ByteBuffer input) throws IOException {
        this.input = input.slice().order(ByteOrder.LITTLE_ENDIAN);
        try {
            beginMember(); // no member at all would be no gzip
        } catch (Throwable failure) { // a half-opened inflater must not keep its memory outside the heap
            inflater.end();
            throw failure;
        }
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        if (!withinMember) {
            if (!input.hasRemaining()) {
                return null;
            }
            beginMember();
        }
        int count = inflate();
        crc.update(block, 0, count);
        if (inflater.finished()) {
            endMember();
        }
        return ByteBuffer.wrap(block, 0, count);
    }

    private int inflate() throws IOException {
        try {
            int count = inflater.inflate(block);
            if (count == 0 && !inflater.finished()) {
                throw new IOException(
                        inflater.needsDictionary() ? "a preset dictionary is not gzip" : "ends within a member");
            }
            return count;
        } catch (DataFormatException malformed) {
            throw new IOException("malformed deflate data", malformed);
        }
    }

    private void beginMember() throws IOException {
        require(FIXED_HEADER_BYTES);
        int start = input.position();
        int magic = input.getShort() & 0xffff;
        int method = input.get() & 0xff;
        int flags = input.get() & 0xff;
        if (magic != MAGIC || method != DEFLATE || (flags & RESERVED_BITS) != 0) {
            throw new IOException("member begins with magic " + Integer.toHexString(magic) + ", method " + method
                    + ", flags " + flags + ", expected " + Integer.toHexString(MAGIC) + ", " + DEFLATE);
        }
        input.position(start + FIXED_HEADER_BYTES);
        if ((flags & EXTRA_BIT) != 0) {
            require(Short.BYTES);
            skip(input.getShort() & 0xffff);
        }
        if ((flags & NAME_BIT) != 0) {
            skipText();
        }
        if ((flags & COMMENT_BIT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC_BIT) != 0) {
            skip(Short.BYTES); // the batch has a checksum of its own
        }
        withinMember = true;
        crc.reset();
        inflater.reset();
        inflater.setInput(input);
    }

    /** The inflater has moved the input's position behind the member's data. */
    private void endMember() throws IOException {
        require(2 * Integer.BYTES);
        int storedCrc = input.getInt();
        int storedLength = input.getInt();
        if (storedCrc != (int) crc.getValue() || storedLength != (int) inflater.getBytesWritten()) {
            throw new IOException("member of " + inflater.getBytesWritten() + " bytes with CRC-32 "
                    + Long.toHexString(crc.getValue()) + ", its end says " + Integer.toUnsignedString(storedLength)
                    + " and " + Integer.toHexString(storedCrc));
        }
        withinMember = false;
    }

    private void skipText() throws IOException {
        do {
            require(1);
        } while (input.get() != 0);
    }

    private void skip(int count) throws IOException {
        require(count);
        input.position(input.position() + count);
    }

    private void require(int count) throws IOException {
        if (input.remaining() < count) {
            throw new IOException("ends " + (count - input.remaining()) + " bytes too early");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
