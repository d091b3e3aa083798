package io.flotilla.raftlog.raft.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.LogPosition;
import java.util.Optional;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;

/**
 * Tells the newest entry that is synced to a log, and never one that is not.
 *
 * <p>Ratis knows its index only. When a new leader cuts the log back, other entries stand at those indices at once, while
 * that index follows when its log worker gets there. So from the announcement on nothing behind the cut counts as synced,
 * until an entry there is committed, which it is only once it was synced here.
 *
 * <p>Threading: safe for all threads, and waits for nothing.
 */
final class FlushedPosition {
    private static final long NO_CUT = Long.MAX_VALUE;

    @GuardedBy("this")
    private long cutFrom = NO_CUT;

    @GuardedBy("this")
    private long cuts;

    @GuardedBy("this")
    private @Nullable LogPosition synced;

    @GuardedBy("this")
    private @Nullable LogPosition last;

    /** The log is about to lose the entries from this index on. */
    synchronized void truncating(long firstRemoved) {
        cutFrom = Math.min(cutFrom, firstRemoved);
        cuts++;
    }

    /** Whether entries were removed and none is committed in their place yet. */
    synchronized boolean isCut() {
        return cutFrom != NO_CUT;
    }

    synchronized boolean mayBeTruncating(long lastIndex) {
        return cutFrom <= lastIndex;
    }

    /** Empty if it cannot be told just now. */
    Optional<LogPosition> of(RaftLog log) {
        long committed = log.getLastCommittedIndex();
        long index = log.getFlushIndex();
        long before;
        synchronized (this) {
            before = cuts;
            if (committed >= cutFrom) {
                cutFrom = NO_CUT;
            }
            index = Math.min(index, cutFrom - 1);
        }
        TermIndex entry = log.getTermIndex(index);
        synchronized (this) {
            return entry == null || before != cuts ? Optional.empty() : Optional.of(position(entry));
        }
    }

    /** Remembers where the log ends; it takes no more entries. */
    void ending(RaftLog log) {
        Optional<LogPosition> now = of(log);
        TermIndex end = log.getLastEntryTermIndex();
        synchronized (this) {
            synced = now.orElse(null);
            last = end == null ? null : position(end);
        }
    }

    /** The newest entry synced to a log that is closed. */
    synchronized Optional<LogPosition> ofEnded(RaftLog log) {
        LogPosition end = last;
        boolean whole = end != null && cutFrom == NO_CUT && log.getFlushIndex() >= end.index();
        return Optional.ofNullable(whole ? end : synced);
    }

    private static LogPosition position(TermIndex entry) {
        return new LogPosition(entry.getTerm(), entry.getIndex());
    }
}
