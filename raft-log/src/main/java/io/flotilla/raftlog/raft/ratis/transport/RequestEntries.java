package io.flotilla.raftlog.raft.ratis.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.TimeDuration;

/** The entries of one request. */
final class RequestEntries {
    /** All of an entry is in the log: there is nothing to wait for. */
    private static final TimeDuration NO_WAIT = TimeDuration.valueOf(1, TimeUnit.SECONDS);

    private RequestEntries() {}

    /**
     * Reads consecutive entries from the log, from its file if they are not in memory.
     *
     * @param bytesMax what all may have together; the first comes even if larger
     * @return empty if {@code first} is the log's end
     * @throws IOException if one of them cannot be read, or has just been purged
     */
    static List<LogEntryProto> gather(RaftLog log, long first, int countMax, long bytesMax) throws IOException {
        long end = Math.min(log.getNextIndex(), first + countMax);
        List<LogEntryProto> entries = new ArrayList<>();
        long bytes = 0;
        for (long index = first; index < end; index++) {
            RaftLog.EntryWithData entry = log.getEntryWithData(index);
            bytes += entry.getSerializedSize();
            if (!entries.isEmpty() && bytes > bytesMax) {
                break;
            }
            try {
                entries.add(entry.getEntry(NO_WAIT));
            } catch (TimeoutException late) {
                throw new IOException("entry " + index + " is not there yet", late);
            }
        }
        return entries;
    }
}
