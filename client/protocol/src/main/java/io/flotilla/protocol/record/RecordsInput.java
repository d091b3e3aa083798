package io.flotilla.protocol.record;

import io.flotilla.protocol.error.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The inflated bytes of a batch's records, read forward. Inflates no further than it is read and than the limit; every
 * failure is a {@link Refused}, whatever a codec throws.
 */
final class RecordsInput implements AutoCloseable {
    /** Bytes allocated for a field before any of them is there; a larger array grows as its bytes arrive. */
    private static final int UNSEEN_BYTES_MAX = 64 * 1024;

    private final Compression compression;
    private final InflatedBlocks blocks;
    private final long bytesMax;
    private ByteBuffer block = ByteBuffer.allocate(0);

    /** Bytes of all blocks so far, the present one included. */
    private long inflatedBytes;

    private RecordsInput(Compression compression, InflatedBlocks blocks, long bytesMax) {
        this.compression = compression;
        this.blocks = blocks;
        this.bytesMax = bytesMax;
    }

    /**
     * @param records  the records as stored
     * @param bytesMax number of inflated bytes past which they are refused; of no concern to uncompressed ones
     * @throws Refused CORRUPT_BATCH if the compressed form is malformed from the start
     */
    static RecordsInput open(Compression compression, ByteBuffer records, long bytesMax) {
        try {
            return new RecordsInput(
                    compression,
                    RecordCodec.inflating(compression, records),
                    compression == Compression.NONE ? Long.MAX_VALUE : bytesMax);
        } catch (IOException | RuntimeException malformed) { // codec libraries throw unchecked ones as well
            throw BatchFault.undecodable(compression, malformed);
        }
    }

    /** Number of bytes read so far. */
    long position() {
        return inflatedBytes - block.remaining();
    }

    /** Whether every byte was read; inflates on, and so checks what the codec keeps at its end. */
    boolean atEnd() {
        return !block.hasRemaining() && !refill();
    }

    byte readByte() {
        requireMore();
        return block.get();
    }

    /** Reads a varint of at most 5 bytes. */
    int readVarint() {
        return (int) readVarlong(Integer.SIZE);
    }

    /** Reads a varint of at most 10 bytes. */
    long readVarlong() {
        return readVarlong(Long.SIZE);
    }

    private long readVarlong(int bits) {
        long zigzag = 0;
        for (int shift = 0; shift < bits; shift += 7) {
            byte next = readByte();
            zigzag |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return Varint.unzigzag(bits == Integer.SIZE ? zigzag & 0xffffffffL : zigzag);
            }
        }
        throw BatchFault.corrupt(
                "varint of more than " + bits + " bits before byte " + position() + " of the records",
                "position",
                position());
    }

    void skip(int count) {
        int left = count;
        while (left > block.remaining()) {
            left -= block.remaining();
            block.position(block.limit());
            requireMore();
        }
        block.position(block.position() + left);
    }

    byte[] take(int count) {
        byte[] taken = new byte[count <= block.remaining() ? count : Math.min(count, UNSEEN_BYTES_MAX)];
        int filled = 0;
        while (filled < count) {
            requireMore();
            if (filled == taken.length) {
                taken = Arrays.copyOf(taken, (int) Math.min(count, 2L * filled));
            }
            int run = Math.min(taken.length - filled, block.remaining());
            block.get(taken, filled, run);
            filled += run;
        }
        return taken;
    }

    private void requireMore() {
        if (!block.hasRemaining() && !refill()) {
            throw BatchFault.corrupt(
                    "records end after " + inflatedBytes + " bytes, within a record", "records_bytes", inflatedBytes);
        }
    }

    /** Replaces the used-up block by the next that has bytes; false if there is none. */
    private boolean refill() {
        do {
            ByteBuffer next = nextBlock();
            if (next == null) {
                return false;
            }
            block = next;
            inflatedBytes += next.remaining();
            if (inflatedBytes > bytesMax) {
                throw BatchFault.tooLarge("records inflated so far", inflatedBytes, bytesMax);
            }
        } while (!block.hasRemaining());
        return true;
    }

    private @Nullable ByteBuffer nextBlock() {
        try {
            return blocks.next();
        } catch (IOException | RuntimeException malformed) { // codec libraries throw unchecked ones as well
            throw BatchFault.undecodable(compression, malformed);
        }
    }

    /** Releases what the codec holds outside the heap. */
    @Override
    public void close() {
        try {
            blocks.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException("closing a stream over memory failed", impossible);
        }
    }
}
