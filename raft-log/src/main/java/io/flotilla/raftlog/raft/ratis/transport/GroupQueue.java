package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.ratis.transport.FairTurns.Seat;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to enter one group, in the order of arrival, one in a turn.
 *
 * <p>Threading: safe for all threads.
 */
final class GroupQueue {
    /** More than leaders ever have on their way: in a change of leaders two of them, and heartbeats. */
    private static final int QUEUED_MAX = 64;

    private final Queue<Runnable> queued = new ArrayBlockingQueue<>(QUEUED_MAX);
    private final Seat seat;

    GroupQueue(FairTurns turns) {
        this.seat = turns.seat(this::turn);
    }

    /** @return false if too much waits already */
    boolean offer(Runnable entry) {
        if (!queued.offer(entry)) {
            return false;
        }
        seat.ask();
        return true;
    }

    private void turn() {
        @Nullable Runnable next = queued.poll();
        if (next != null) {
            if (!queued.isEmpty()) {
                seat.ask();
            }
            next.run();
        }
    }
}
