package io.flotilla.raftlog.raft.ratis.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * The requests with entries that are on their way to one follower, in the order sent. Until the follower has answered
 * one, only one goes out at a time: it may be away, or lack what precedes.
 *
 * <p>Their bytes are taken from the follower's budget as long as they are here, and are given back in whatever way they go:
 * a byte that was not would be missing to all groups until the process ends.
 *
 * <p>Threading: confined to the appender's turn.
 */
final class InFlight {
    /**
     * A request on its way.
     *
     * @param previousIndex index before its first entry
     * @param sentAt        taken before it left
     */
    record Sent(long previousIndex, long lastIndex, long bytes, Timestamp sentAt) {
        long firstIndex() {
            return previousIndex + 1;
        }
    }

    private final int requestsMax;
    private final long bytesMax;
    private final PeerBudget budget;
    private final Map<Long, Sent> byCall = new LinkedHashMap<>();
    private long bytes;
    private boolean answered;

    InFlight(int requestsMax, long bytesMax, PeerBudget budget) {
        this.requestsMax = requestsMax;
        this.bytesMax = bytesMax;
        this.budget = budget;
    }

    boolean hasRoom() {
        return byCall.isEmpty() || (answered && byCall.size() < requestsMax && bytes < bytesMax);
    }

    boolean isEmpty() {
        return byCall.isEmpty();
    }

    int requests() {
        return byCall.size();
    }

    long bytes() {
        return bytes;
    }

    void add(long call, Sent sent) {
        byCall.put(call, sent);
        bytes += sent.bytes();
        budget.take(sent.bytes());
    }

    /** The follower is there and takes entries. */
    void answered() {
        answered = true;
    }

    /** Takes out the request that was answered, if it is still known. */
    @Nullable
    Sent remove(long call) {
        Sent sent = byCall.remove(call);
        if (sent != null) {
            bytes -= sent.bytes();
            budget.giveBack(sent.bytes());
        }
        return sent;
    }

    Optional<Sent> oldest() {
        return byCall.values().stream().findFirst();
    }

    /** Forgets all, since none of it may have arrived. */
    void clear() {
        long forgotten = bytes;
        byCall.clear();
        bytes = 0;
        answered = false;
        budget.giveBack(forgotten);
    }
}
