package io.flotilla.client.producer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;

/**
 * Bytes of records that may wait for their acknowledgement at one time; whoever wants more waits in line.
 *
 * <p>Threading: safe.
 */
final class BufferBudget {
    private final long bytesMax;

    @GuardedBy("this")
    private long bytesTaken;

    @GuardedBy("this")
    private final ArrayDeque<Object> line = new ArrayDeque<>();

    BufferBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes room if it is there and nobody waits for it. */
    synchronized boolean tryTake(long bytes) {
        if (!line.isEmpty() || bytesTaken + bytes > bytesMax) {
            return false;
        }
        bytesTaken += bytes;
        return true;
    }

    /**
     * Waits for room.
     *
     * @param bytes at most the budget's size
     * @return false if there was none in time
     */
    synchronized boolean take(long bytes, long timeoutNanos) throws InterruptedException {
        Object ticket = new Object();
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        line.add(ticket);
        try {
            while (line.peekFirst() != ticket || bytesTaken + bytes > bytesMax) {
                long remaining = deadlineNanos - System.nanoTime();
                if (remaining <= 0) {
                    return false;
                }
                // Rounded up, since 0 would wait for ever.
                wait(remaining / 1_000_000 + 1);
            }
            bytesTaken += bytes;
            return true;
        } finally {
            line.remove(ticket);
            notifyAll();
        }
    }

    synchronized void giveBack(long bytes) {
        bytesTaken -= bytes;
        notifyAll();
    }

    synchronized long bytesTaken() {
        return bytesTaken;
    }

    long bytesMax() {
        return bytesMax;
    }
}
