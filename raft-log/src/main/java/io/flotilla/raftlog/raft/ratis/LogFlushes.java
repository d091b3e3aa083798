package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.server.metrics.SegmentedRaftLogMetrics;

/**
 * Passes on how long Ratis's flushes of logs take. Ratis finds its metrics once for the whole JVM, in which several hosts
 * may live; a log's metrics carry the name of the member, which begins with the peer's id.
 *
 * <p>Costs one small object for each flush, which takes an fsync.
 *
 * <p>Threading: safe for all threads.
 */
final class LogFlushes {
    /** Between the peer's id and the group's in the name of a member. */
    private static final char PEER_ENDS = '@';

    private static final Map<String, RaftObserver> OBSERVERS = new ConcurrentHashMap<>();

    private LogFlushes() {}

    /** Logs that a host opens from now on tell the observer. */
    static void watch(PeerId host, RaftObserver observer) {
        OBSERVERS.put(host.value(), observer);
    }

    static void forget(PeerId host, RaftObserver observer) {
        OBSERVERS.remove(host.value(), observer);
    }

    /** The timer that Ratis asks for, if it is that of a watched log's flushes. */
    static Optional<Timekeeper> timer(MetricRegistryInfo info, String name) {
        if (!name.equals(SegmentedRaftLogMetrics.RAFT_LOG_FLUSH_TIME)) {
            return Optional.empty();
        }
        String member = info.getPrefix();
        int end = member.indexOf(PEER_ENDS);
        return Optional.ofNullable(OBSERVERS.get(end < 0 ? member : member.substring(0, end)))
                .map(LogFlushes::timer);
    }

    private static Timekeeper timer(RaftObserver observer) {
        return () -> {
            long began = System.nanoTime();
            return () -> {
                long nanos = System.nanoTime() - began;
                observer.logFlushed(nanos);
                return nanos;
            };
        };
    }
}
