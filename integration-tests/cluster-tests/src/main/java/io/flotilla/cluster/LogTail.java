package io.flotilla.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Follows a growing log line by line, reading each byte about once.
 *
 * <p>Threading: confined to the thread that looks.
 */
public final class LogTail {
    private final BrokerLog log;
    private long position;

    LogTail(BrokerLog log, long from) {
        this.log = log;
        position = from;
    }

    /** Whole lines that were printed since the last call; one that is not ended yet is left for later. */
    public List<String> newLines() {
        byte[] added = log.bytesFrom(position);
        int end = added.length;
        while (end > 0 && added[end - 1] != '\n') {
            end--;
        }
        position += end;
        return new String(added, 0, end, StandardCharsets.UTF_8).lines().toList();
    }
}
