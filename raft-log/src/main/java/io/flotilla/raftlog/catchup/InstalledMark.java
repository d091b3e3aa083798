package io.flotilla.raftlog.catchup;

import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.CorruptLog;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code installed} in a replica's folder: the position of the checkpoint that was fetched last. While the
 * replica's checkpoint is still that one, its Raft log need not reach it.
 *
 * <table>
 * <caption>Mark, version 1; integers big-endian</caption>
 * <tr><th>Bytes</th><th>Field</th></tr>
 * <tr><td>4</td><td>magic, "FLIM"</td></tr>
 * <tr><td>4</td><td>version, 1</td></tr>
 * <tr><td>4</td><td>bytes of the body, 16</td></tr>
 * <tr><td>8, 8</td><td>term and index</td></tr>
 * <tr><td>4</td><td>CRC-32C of all bytes before</td></tr>
 * </table>
 */
final class InstalledMark {
    private static final Logger log = LoggerFactory.getLogger(InstalledMark.class);

    static final String NAME = "installed";

    private static final int MAGIC = 0x464C494D;
    private static final int VERSION = 1;
    private static final int BODY_BYTES = 16;
    private static final int FILE_BYTES = 12 + BODY_BYTES + 4;

    private InstalledMark() {}

    static void write(Path folder, LogPosition position) throws IOException {
        DurableFiles.replace(folder.resolve(NAME), encode(position));
    }

    static void delete(Path folder) throws IOException {
        if (Files.deleteIfExists(folder.resolve(NAME))) {
            DurableFiles.syncFolder(folder);
        }
    }

    /**
     * A corrupt mark is none, and is deleted: at worst the Raft log is taken for shortened, and the replica's member
     * joins its group anew.
     *
     * @return {@link LogPosition#NONE} if the replica never was fetched, or that is not known
     * @throws IOException if the disk fails
     */
    static LogPosition read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return LogPosition.NONE;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            return decode(file, bytes);
        } catch (CorruptLog corrupt) {
            log.error("the mark of what was fetched is deleted: {}", corrupt.getMessage());
            delete(folder);
            return LogPosition.NONE;
        }
    }

    static ByteBuffer encode(LogPosition position) {
        ByteBuffer file = ByteBuffer.allocate(FILE_BYTES);
        file.putInt(MAGIC).putInt(VERSION).putInt(BODY_BYTES);
        file.putLong(position.term()).putLong(position.index());
        return file.putInt(crcOf(file)).flip();
    }

    private static LogPosition decode(Path path, ByteBuffer file) throws CorruptLog {
        boolean whole = file.remaining() == FILE_BYTES
                && file.getInt() == MAGIC
                && file.getInt() == VERSION
                && file.getInt() == BODY_BYTES;
        if (!whole) {
            throw new CorruptLog(path + " is corrupt: it is no mark of version 1 of " + FILE_BYTES + " bytes");
        }
        LogPosition position = new LogPosition(file.getLong(), file.getLong());
        if (crcOf(file) != file.getInt()) {
            throw new CorruptLog(path + " is corrupt: its bytes do not agree with its CRC-32C");
        }
        return position;
    }

    /** Checksum of all bytes before the buffer's position. */
    private static int crcOf(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().flip());
        return (int) crc.getValue();
    }
}
