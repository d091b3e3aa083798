package io.flotilla.raftlog.segment;

import io.flotilla.raftlog.index.IndexPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of a partition's log: batches back to back, from {@code baseOffset} on, which is the file's name.
 *
 * <p>Threading: the bytes are counted by the appending thread and published in a {@link LogView}; what is durable is
 * known to the flushing thread; the largest timestamp may be read by any.
 */
final class Segment implements AutoCloseable {
    /** Later than every timestamp, so that taking in another one changes nothing. */
    private static final long TIME_NOT_KNOWN = Long.MAX_VALUE;

    private static final Pattern NAME = Pattern.compile("(\\d{20})\\.log");

    private final long baseOffset;
    private final Path path;
    private final SegmentFile file;
    private int writtenBytes;
    private int durableBytes;
    private volatile long maxTimestamp;

    private Segment(long baseOffset, Path path, SegmentFile file, int bytes, long maxTimestamp) {
        this.baseOffset = baseOffset;
        this.path = path;
        this.file = file;
        this.writtenBytes = bytes;
        this.durableBytes = bytes;
        this.maxTimestamp = maxTimestamp;
    }

    static String nameOf(long baseOffset) {
        return String.format(Locale.ROOT, "%020d.log", baseOffset);
    }

    /** The base offset in a segment's file name; empty for other files. */
    static OptionalLong baseOffsetOf(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
    }

    /** Makes an empty file in place of any that has this name. It is durable after its folder was synced. */
    static Segment create(Path folder, long baseOffset) throws IOException {
        Path path = folder.resolve(nameOf(baseOffset));
        Files.deleteIfExists(path);
        Files.createFile(path);
        return new Segment(baseOffset, path, SegmentFile.open(path), 0, IndexPoint.NONE_BEFORE);
    }

    /** Opens a file whose content is durable. */
    static Segment open(Path folder, long baseOffset) throws IOException {
        Path path = folder.resolve(nameOf(baseOffset));
        long size = Files.size(path);
        if (size > Integer.MAX_VALUE) {
            throw new CorruptLog(path + " has " + size + " bytes, more than a segment can hold");
        }
        return new Segment(baseOffset, path, SegmentFile.open(path), (int) size, TIME_NOT_KNOWN);
    }

    long baseOffset() {
        return baseOffset;
    }

    SegmentFile file() {
        return file;
    }

    int writtenBytes() {
        return writtenBytes;
    }

    /** Largest timestamp of its records; empty while that is not known. */
    OptionalLong maxTimestamp() {
        long known = maxTimestamp;
        return known == TIME_NOT_KNOWN ? OptionalLong.empty() : OptionalLong.of(known);
    }

    void learnMaxTimestamp(long timestamp) {
        maxTimestamp = timestamp;
    }

    /** Takes a record's timestamp in; none is known afterwards if none was before. By the appending thread. */
    void include(long timestamp) {
        if (timestamp > maxTimestamp) {
            maxTimestamp = timestamp;
        }
    }

    void append(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        file.write(bytes, writtenBytes);
        writtenBytes += count;
    }

    /** Drops what lies behind {@code size} and makes what is left durable. */
    void cutTo(int size) throws IOException {
        if (writtenBytes < size) {
            throw corrupt("it has " + writtenBytes + " bytes, fewer than the " + size + " of its checkpoint");
        }
        if (writtenBytes > size) {
            file.truncate(size);
            file.force();
            writtenBytes = size;
            durableBytes = size;
        }
    }

    /** Makes the first {@code size} bytes durable. */
    void makeDurable(int size) throws IOException {
        if (durableBytes < size) {
            file.force();
            durableBytes = size;
        }
    }

    /** Deletes the file of a closed segment; that is durable after its folder was synced. */
    void delete() throws IOException {
        Files.delete(path);
    }

    StoredBatch batchAt(ByteBuffer buffer, int index, int position) throws IOException {
        try {
            return StoredBatch.at(buffer, index, position);
        } catch (IOException noBatch) {
            throw new CorruptLog("segment " + path + " is corrupt: " + noBatch.getMessage(), noBatch);
        }
    }

    CorruptLog corrupt(String finding) {
        return new CorruptLog("segment " + path + " is corrupt: " + finding);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
