package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.ratis.transport.FairTurns.Seat;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The bytes that all groups together may have on their way to one peer. Who finds it used up waits, and is asked again
 * in the order of coming.
 *
 * <p>The last to take may exceed it by one request.
 *
 * <p>Threading: safe for all threads.
 */
final class PeerBudget {
    private final long bytesMax;
    private final Set<Seat> waiting = new LinkedHashSet<>();
    private long taken;

    PeerBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether something may be sent now. If not, the seat gets a turn when it may. */
    synchronized boolean hasRoom(Seat seat) {
        if (taken < bytesMax) {
            return true;
        }
        waiting.add(seat);
        return false;
    }

    synchronized void take(long bytes) {
        taken += bytes;
    }

    void giveBack(long bytes) {
        if (bytes == 0) {
            return;
        }
        for (Seat next : giveBackAndCall(bytes)) {
            next.ask();
        }
    }

    /** All who wait are called: who comes too late waits again, at the end. */
    private synchronized List<Seat> giveBackAndCall(long bytes) {
        taken -= bytes;
        if (taken >= bytesMax || waiting.isEmpty()) {
            return List.of();
        }
        List<Seat> called = List.copyOf(new ArrayDeque<>(waiting));
        waiting.clear();
        return called;
    }

    synchronized long taken() {
        return taken;
    }
}
