package io.flotilla.raftlog.raft.ratis.transport;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads shared by many that have something to do now and then. Each has a {@link Seat}; who asks gets a turn
 * after those who asked before, never two at once, and goes to the end of the line for the next.
 *
 * <p>The line is as long as there are seats at most.
 */
final class FairTurns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FairTurns.class);
    private static final long IDLE_SECONDS = 60;
    private static final long CLOSE_SECONDS = 5;

    private static final int IDLE = 0;
    private static final int IN_LINE = 1;
    private static final int PLAYING = 2;
    private static final int PLAYING_AND_ASKED = 3;

    private final ThreadPoolExecutor threads;

    FairTurns(int count, String name) {
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.named(name));
        threads.allowCoreThreadTimeOut(true);
    }

    /** @param turn what a turn consists of; short, and what it throws is logged */
    Seat seat(Runnable turn) {
        return new Seat(turn);
    }

    /** Nobody gets a turn afterwards; waits a moment for those that have one. */
    @Override
    public void close() {
        Threads.stop(threads, CLOSE_SECONDS);
    }

    /** The place in line of one who takes turns. */
    final class Seat {
        private final Runnable turn;
        private final AtomicInteger state = new AtomicInteger(IDLE);

        private Seat(Runnable turn) {
            this.turn = turn;
        }

        /** A turn begins after this call, whatever is going on. */
        void ask() {
            while (true) {
                int now = state.get();
                if (now == IN_LINE || now == PLAYING_AND_ASKED) {
                    return;
                }
                if (now == PLAYING && state.compareAndSet(PLAYING, PLAYING_AND_ASKED)) {
                    return;
                }
                if (now == IDLE && state.compareAndSet(IDLE, IN_LINE)) {
                    standInLine();
                    return;
                }
            }
        }

        /** Does something else in a turn of its own, on this thread, unless that would mean to wait. */
        boolean tryNow(Runnable other) {
            if (!state.compareAndSet(IDLE, PLAYING)) {
                return false;
            }
            play(other);
            return true;
        }

        private void standInLine() {
            try {
                threads.execute(this::takeTurn);
            } catch (RejectedExecutionException closed) {
                state.set(IDLE);
            }
        }

        private void takeTurn() {
            state.set(PLAYING);
            play(turn);
        }

        private void play(Runnable what) {
            try {
                what.run();
            } catch (RuntimeException | Error failure) {
                LOG.error("a turn failed", failure);
            } finally {
                if (!state.compareAndSet(PLAYING, IDLE)) {
                    state.set(IN_LINE);
                    standInLine();
                }
            }
        }
    }
}
