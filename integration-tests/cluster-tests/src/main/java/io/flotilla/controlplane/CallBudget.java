package io.flotilla.controlplane;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * How many calls may be made by now, so that they are spread over the restarts however fast the one and the other are.
 *
 * <p>Threading: safe.
 */
final class CallBudget {
    private final int total;

    @GuardedBy("this")
    private int released;

    @GuardedBy("this")
    private int taken;

    @GuardedBy("this")
    private boolean closed;

    /**
     * @param total calls that are made in all, 1 or more
     */
    CallBudget(int total) {
        this.total = total;
    }

    /** Allows so many more, never more than the total. */
    synchronized void release(int more) {
        released = Math.min(total, released + more);
        notifyAll();
    }

    /** Waits for a call to be allowed; false once there are none left or the budget is closed. */
    synchronized boolean take() throws InterruptedException {
        while (taken == released && taken < total && !closed) {
            wait();
        }
        if (closed || taken == total) {
            return false;
        }
        taken++;
        return true;
    }

    /** Calls that are made or under way. */
    synchronized int taken() {
        return taken;
    }

    synchronized int released() {
        return released;
    }

    /** No more calls. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
