package io.flotilla.raftlog.segment;

import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** Looks at every byte of a segment's file, which may be part of no open log. */
public final class SegmentCheck {
    private static final int WINDOW_BYTES = 256 << 10;

    private final Path path;
    private final SegmentFile file;
    private final int bytes;
    private final Pacing pacing;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private int readBytes;

    /** Told before each read of so many bytes; may wait, or end the check by throwing. */
    @FunctionalInterface
    public interface Pacing {
        void await(int bytes) throws IOException;
    }

    private SegmentCheck(Path path, SegmentFile file, int bytes, Pacing pacing) {
        this.path = path;
        this.file = file;
        this.bytes = bytes;
        this.pacing = pacing;
    }

    /**
     * What a segment's first bytes are.
     *
     * @param crc       CRC-32C of them
     * @param endOffset offset behind the last record in them
     */
    public record Checked(int crc, long endOffset) {}

    /** The name of the file of a segment. */
    public static String nameOf(long baseOffset) {
        return Segment.nameOf(baseOffset);
    }

    /** The base offset in a segment's file name; empty for other files. */
    public static OptionalLong baseOffsetOf(Path file) {
        return Segment.baseOffsetOf(file);
    }

    /**
     * Checks that a file's first bytes are whole batches with right CRC-32Cs and dense offsets.
     *
     * @throws IOException if they are not, or the file is shorter
     */
    public static Checked check(Path path, long baseOffset, int bytes) throws IOException {
        return check(path, baseOffset, bytes, unpaced -> {});
    }

    /** {@link #check(Path, long, int)} at a pace. */
    public static Checked check(Path path, long baseOffset, int bytes, Pacing pacing) throws IOException {
        try (SegmentFile file = SegmentFile.open(path)) {
            return new SegmentCheck(path, file, bytes, pacing).batchesFrom(baseOffset);
        }
    }

    /** CRC-32C of a file's first bytes, whatever they are. */
    public static int crcOf(Path path, int bytes) throws IOException {
        try (SegmentFile file = SegmentFile.open(path)) {
            SegmentCheck check = new SegmentCheck(path, file, bytes, unpaced -> {});
            while (check.readBytes < bytes) {
                check.window.position(check.window.limit());
                check.fill(1);
                check.crc.update(check.window.duplicate());
            }
            return (int) check.crc.getValue();
        }
    }

    private Checked batchesFrom(long baseOffset) throws IOException {
        long expected = baseOffset;
        for (int at = 0; at < bytes; ) {
            RecordBatch batch = next(at);
            if (batch.baseOffset() != expected || batch.lastOffsetDelta() < 0) {
                throw corrupt("batch at byte " + at + " holds offsets " + batch.baseOffset() + " to "
                        + batch.lastOffset() + ", expected " + expected + " first");
            }
            expected = batch.lastOffset() + 1;
            at += batch.sizeInBytes();
        }
        return new Checked((int) crc.getValue(), expected);
    }

    private RecordBatch next(int at) throws IOException {
        fill(Math.min(RecordBatch.HEADER_BYTES, bytes - at));
        try {
            int sizeAt = window.position() + StoredBatch.LENGTH_AT;
            if (window.remaining() >= RecordBatch.HEADER_BYTES) {
                int size = StoredBatch.LEADER_EPOCH_AT + window.getInt(sizeAt);
                if (size > RecordBatch.HEADER_BYTES && size <= bytes - at) {
                    fill(size);
                }
            }
            RecordBatch batch = RecordBatch.at(window, window.position());
            batch.checkCrc();
            crc.update(window.slice(window.position(), batch.sizeInBytes()));
            window.position(window.position() + batch.sizeInBytes());
            return batch;
        } catch (LogException noBatch) {
            throw new CorruptLog(
                    "segment " + path + " is corrupt at byte " + at + ": " + noBatch.getMessage(), noBatch);
        }
    }

    /** Reads until the window holds so many bytes that were not looked at. */
    private void fill(int count) throws IOException {
        if (window.remaining() >= count) {
            return;
        }
        ByteBuffer roomy = window.capacity() >= count
                ? window.compact()
                : ByteBuffer.allocate(count).put(window);
        roomy.limit(Math.min(roomy.capacity(), roomy.position() + bytes - readBytes));
        int from = roomy.position();
        pacing.await(roomy.remaining());
        file.read(roomy, readBytes);
        readBytes += roomy.position() - from;
        window = roomy.flip();
    }

    private IOException corrupt(String finding) {
        return new CorruptLog("segment " + path + " is corrupt: " + finding);
    }
}
