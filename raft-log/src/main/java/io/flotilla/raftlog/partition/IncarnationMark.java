package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.segment.CorruptLog;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The file {@code incarnation} in a replica's folder: to which of its partition's Raft groups the replica belongs. There
 * is none for the first. From the moment it is written the replica's member of the former group is never opened again.
 *
 * <table>
 * <caption>Mark, version 1; integers big-endian</caption>
 * <tr><th>Bytes</th><th>Field</th></tr>
 * <tr><td>4</td><td>magic, "FLIN"</td></tr>
 * <tr><td>4</td><td>version, 1</td></tr>
 * <tr><td>4</td><td>bytes of the body, 16</td></tr>
 * <tr><td>4</td><td>incarnation, 1 or more</td></tr>
 * <tr><td>4</td><td>incarnation whose Raft files the new group's are being made of; the same once they are</td></tr>
 * <tr><td>8</td><td>end of the log with which this replica founded the group; -1 where it did not, or does not know yet</td></tr>
 * <tr><td>4</td><td>CRC-32C of all bytes before</td></tr>
 * </table>
 *
 * @param incarnation 0 or more
 * @param madeOf      at most {@code incarnation}
 * @param keptEnd     an offset, or {@link #UNKNOWN}
 */
record IncarnationMark(int incarnation, int madeOf, long keptEnd) {
    static final long UNKNOWN = -1;
    static final IncarnationMark FIRST = new IncarnationMark(0, 0, UNKNOWN);

    private static final String NAME = "incarnation";
    private static final int MAGIC = 0x464C494E;
    private static final int VERSION = 1;
    private static final int BODY_BYTES = 16;
    private static final int FILE_BYTES = 12 + BODY_BYTES + 4;

    /** Of a replica that joins a group which goes on. */
    static IncarnationMark joining(int incarnation) {
        return new IncarnationMark(incarnation, incarnation, UNKNOWN);
    }

    /** Whether the group's Raft files are not made yet. */
    boolean isUnfinished() {
        return madeOf < incarnation;
    }

    IncarnationMark finished(long end) {
        return new IncarnationMark(incarnation, incarnation, end);
    }

    /** @throws CorruptLog if the file is not what was written */
    static IncarnationMark read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return Files.exists(file) ? decode(file, ByteBuffer.wrap(Files.readAllBytes(file))) : FIRST;
    }

    void write(Path folder) throws IOException {
        if (incarnation == 0) {
            return;
        }
        ByteBuffer file = ByteBuffer.allocate(FILE_BYTES);
        file.putInt(MAGIC).putInt(VERSION).putInt(BODY_BYTES);
        file.putInt(incarnation).putInt(madeOf).putLong(keptEnd);
        DurableFiles.replace(folder.resolve(NAME), file.putInt(crcOf(file)).flip());
    }

    private static IncarnationMark decode(Path path, ByteBuffer file) throws CorruptLog {
        boolean whole = file.remaining() == FILE_BYTES
                && file.getInt() == MAGIC
                && file.getInt() == VERSION
                && file.getInt() == BODY_BYTES;
        if (!whole) {
            throw new CorruptLog(path + " is corrupt: it is no mark of version 1 of " + FILE_BYTES + " bytes");
        }
        IncarnationMark mark = new IncarnationMark(file.getInt(), file.getInt(), file.getLong());
        if (crcOf(file) != file.getInt()) {
            throw new CorruptLog(path + " is corrupt: its bytes do not agree with its CRC-32C");
        }
        return mark;
    }

    /** Checksum of all bytes before the buffer's position. */
    private static int crcOf(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().flip());
        return (int) crc.getValue();
    }
}
