package io.flotilla.raftlog.raft.ratis.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * When the heartbeats without an answer were sent to one follower. Only the newest are kept; an older one still counts
 * as a sign of life, but no longer for the lease.
 *
 * <p>Threading: confined to the appender's turn.
 */
final class HeartbeatsOut {
    private static final int KEPT_MAX = 32;

    private final Map<Long, Timestamp> sentAt = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Timestamp> eldest) {
            return size() > KEPT_MAX;
        }
    };

    void add(long call, Timestamp at) {
        sentAt.put(call, at);
    }

    @Nullable
    Timestamp remove(long call) {
        return sentAt.remove(call);
    }

    void clear() {
        sentAt.clear();
    }
}
