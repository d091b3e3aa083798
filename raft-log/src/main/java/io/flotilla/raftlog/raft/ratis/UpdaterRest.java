package io.flotilla.raftlog.raft.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Where a member's updater, Ratis's thread that applies entries, rests while its log has nothing to apply. Left to itself
 * it would look for a newer commit index ten times a second, which is most of what an idle member costs. Ratis asks for a
 * snapshot on that thread whenever it has run through what is committed; the question is answered when there is more.
 *
 * <p>Threading: safe for all threads.
 */
final class UpdaterRest {
    /** Only what ends a rest without {@link #wake} waits so long. */
    private static final long LOOK_SECONDS = 5;

    private final BooleanSupplier nothingToDo;

    @GuardedBy("this")
    private long wakes;

    /**
     * @param nothingToDo whether the member goes on and every entry of its log is applied. What makes it false is followed
     *                    by {@link #wake}
     */
    UpdaterRest(BooleanSupplier nothingToDo) {
        this.nothingToDo = nothingToDo;
    }

    /** Returns at once if there is something to do, otherwise when there may be. */
    @SuppressWarnings("WaitNotInLoop") // it is
    synchronized void rest() {
        long before = wakes;
        while (wakes == before && nothingToDo.getAsBoolean()) {
            try {
                TimeUnit.SECONDS.timedWait(this, LOOK_SECONDS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    synchronized void wake() {
        wakes++;
        notifyAll();
    }
}
