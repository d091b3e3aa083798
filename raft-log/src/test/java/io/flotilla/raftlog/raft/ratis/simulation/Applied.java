package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.LogPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * An entry as a member applied it.
 *
 * @param text the entry itself; of a longer one its first word and a checksum of all of it
 */
public record Applied(LogPosition position, String text) {
    private static final int WHOLE_BYTES_MAX = 64;

    static Applied of(LogPosition position, ByteBuffer entry) {
        return new Applied(position, textOf(entry));
    }

    /** What {@link #text} will be of an entry. */
    public static String textOf(ByteBuffer entry) {
        if (entry.remaining() <= WHOLE_BYTES_MAX) {
            return StandardCharsets.UTF_8.decode(entry.duplicate()).toString();
        }
        CRC32C sum = new CRC32C();
        sum.update(entry.duplicate());
        ByteBuffer head = entry.duplicate().limit(entry.position() + WHOLE_BYTES_MAX);
        String firstWord = StandardCharsets.UTF_8.decode(head).toString().split(" ", 2)[0];
        return firstWord + " " + entry.remaining() + " bytes " + Long.toHexString(sum.getValue());
    }

    /** The answer to the proposer. */
    ByteBuffer answer() {
        return StandardCharsets.UTF_8.encode(position.term() + " " + position.index());
    }

    /** The position that {@link #answer} tells. */
    public static LogPosition positionIn(ByteBuffer answer) {
        String[] parts =
                StandardCharsets.UTF_8.decode(answer.duplicate()).toString().split(" ", 2);
        return new LogPosition(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
