package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code guard} in a group's folder: two slots of {@value #SLOT_BYTES} bytes, written in turn, so that a write
 * torn by a crash leaves the one before it.
 *
 * <table>
 * <caption>A slot, version 1; integers big-endian</caption>
 * <tr><th>Bytes</th><th>Field</th></tr>
 * <tr><td>4</td><td>magic, "FLMG"</td></tr>
 * <tr><td>4</td><td>version, 1</td></tr>
 * <tr><td>4</td><td>bytes of the body</td></tr>
 * <tr><td colspan="2">body:</td></tr>
 * <tr><td>8</td><td>number of the write: the slot with the higher one counts</td></tr>
 * <tr><td>16</td><td>group id</td></tr>
 * <tr><td>8</td><td>term</td></tr>
 * <tr><td>8, 8</td><td>term and index of the newest entry synced, 0 and -1 for none</td></tr>
 * <tr><td>8, 8, 4</td><td>term and index of the newest peers written down, CRC-32C of their file; 0, -1, 0 for none</td></tr>
 * <tr><td>8, 8</td><td>term and index where the log began, 0 and -1 for its beginning</td></tr>
 * <tr><td>2, n</td><td>bytes of the vote, the vote in UTF-8; none for nobody</td></tr>
 * <tr><td colspan="2">behind the body:</td></tr>
 * <tr><td>4</td><td>CRC-32C of all bytes before</td></tr>
 * </table>
 *
 * <p>Threading: for one thread at a time.
 */
final class MemberGuardFile implements AutoCloseable {
    static final int SLOT_BYTES = 512;
    private static final String NAME = "guard";
    private static final int SLOTS = 2;
    private static final int MAGIC = 0x464C4D47;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 12;
    private static final int FIXED_BODY_BYTES = 8 + 16 + 8 + 16 + 20 + 16 + 2;
    private static final int CRC_BYTES = 4;
    private static final int VOTE_BYTES_MAX = SLOT_BYTES - HEADER_BYTES - FIXED_BODY_BYTES - CRC_BYTES;

    private final GroupId group;

    /** Not a channel, which an interrupt would close. */
    private final RandomAccessFile file;

    private long writes;

    private MemberGuardFile(GroupId group, RandomAccessFile file, long writes) {
        this.group = group;
        this.file = file;
        this.writes = writes;
    }

    static boolean exists(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /**
     * The newest guard that can be read; empty if there is none, as in the folder of an older version.
     *
     * @throws DamagedMember if it is another group's
     */
    static Optional<MemberGuard> read(GroupId group, Path folder) throws IOException {
        Slot newest = newest(folder);
        if (newest == null) {
            return Optional.empty();
        }
        if (!newest.group.equals(group)) {
            throw new DamagedMember("the folder " + folder + " of group " + group + " holds files of group "
                    + newest.group + ". This member stays closed");
        }
        return Optional.of(newest.guard);
    }

    /** Opens the file for writing, and makes it if it is not there. The caller closes it. */
    static MemberGuardFile open(GroupId group, Path folder) throws IOException {
        Slot newest = newest(folder);
        RandomAccessFile file = new RandomAccessFile(folder.resolve(NAME).toFile(), "rw");
        try {
            if (file.length() != SLOTS * SLOT_BYTES) {
                file.setLength(0);
                file.write(new byte[SLOTS * SLOT_BYTES]); // no write that follows needs space any more
            }
            return new MemberGuardFile(group, file, newest == null ? 0 : newest.number);
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
    }

    /** Does not sync: what survives of an unsynced guard is still true, if perhaps an older one. */
    void write(MemberGuard guard) throws IOException {
        writes++;
        file.seek((writes % SLOTS) * SLOT_BYTES);
        file.write(encoded(group, writes, guard));
    }

    void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static byte[] encoded(GroupId group, long number, MemberGuard guard) {
        byte[] vote = guard.votedFor().getBytes(StandardCharsets.UTF_8);
        if (vote.length > VOTE_BYTES_MAX) {
            throw new IllegalArgumentException("peer id '" + guard.votedFor() + "' is longer than " + VOTE_BYTES_MAX);
        }
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
        slot.putInt(MAGIC).putInt(VERSION).putInt(FIXED_BODY_BYTES + vote.length);
        slot.putLong(number);
        slot.putLong(group.value().getMostSignificantBits());
        slot.putLong(group.value().getLeastSignificantBits());
        slot.putLong(guard.term());
        put(slot, guard.flushed());
        put(slot, guard.configuration());
        slot.putInt(guard.configurationCrc());
        put(slot, guard.base());
        slot.putShort((short) vote.length).put(vote);
        slot.putInt(crc(slot.array(), 0, slot.position()));
        return slot.array();
    }

    private static void put(ByteBuffer slot, LogPosition position) {
        slot.putLong(position.term()).putLong(position.index());
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static @Nullable Slot newest(Path folder) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(folder.resolve(NAME));
        } catch (NoSuchFileException absent) {
            return null;
        }
        Slot newest = null;
        for (int offset = 0; offset < SLOTS * SLOT_BYTES && offset < bytes.length; offset += SLOT_BYTES) {
            Slot slot = decoded(Arrays.copyOfRange(bytes, offset, Math.min(offset + SLOT_BYTES, bytes.length)));
            if (slot != null && (newest == null || slot.number > newest.number)) {
                newest = slot;
            }
        }
        return newest;
    }

    /** Null for anything but a whole slot of this version. */
    private static @Nullable Slot decoded(byte[] bytes) {
        ByteBuffer slot = ByteBuffer.wrap(bytes);
        try {
            if (slot.getInt() != MAGIC || slot.getInt() != VERSION) {
                return null;
            }
            int body = slot.getInt();
            if (body < FIXED_BODY_BYTES || body > FIXED_BODY_BYTES + VOTE_BYTES_MAX) {
                return null;
            }
            if (slot.getInt(HEADER_BYTES + body) != crc(bytes, 0, HEADER_BYTES + body)) {
                return null;
            }
            long number = slot.getLong();
            GroupId group = new GroupId(new UUID(slot.getLong(), slot.getLong()));
            long term = slot.getLong();
            LogPosition flushed = position(slot);
            LogPosition configuration = position(slot);
            int configurationCrc = slot.getInt();
            LogPosition base = position(slot);
            byte[] vote = new byte[slot.getShort()];
            slot.get(vote);
            String votedFor = new String(vote, StandardCharsets.UTF_8);
            return new Slot(
                    number, group, new MemberGuard(term, votedFor, flushed, configuration, configurationCrc, base));
        } catch (BufferUnderflowException | IndexOutOfBoundsException torn) {
            return null;
        }
    }

    private static LogPosition position(ByteBuffer slot) {
        return new LogPosition(slot.getLong(), slot.getLong());
    }

    private record Slot(long number, GroupId group, MemberGuard guard) {}
}
