package io.flotilla.broker.produce;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Bytes of batches received and not yet answered, over the whole broker.
 *
 * <p>A batch that has arrived costs memory whatever we do, so taking never fails by itself: who takes asks
 * {@link #isExhausted} and refuses, or stops reading until {@link #whenAvailable} calls.
 *
 * <p>Threading: every method may be called by any thread; callbacks run on the thread that releases and must be quick.
 */
public final class ByteBudget {
    private final long bytesMax;

    @GuardedBy("this")
    private long bytesTaken;

    @GuardedBy("this")
    private long waits;

    /** At most one entry for each stream that waits. */
    @GuardedBy("this")
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public synchronized void take(int bytes) {
        bytesTaken += bytes;
    }

    /** Takes the bytes unless that would exceed the budget. */
    public synchronized boolean tryTake(int bytes) {
        if (bytesTaken + bytes > bytesMax) {
            return false;
        }
        bytesTaken += bytes;
        return true;
    }

    public void release(int bytes) {
        List<Runnable> woken;
        synchronized (this) {
            bytesTaken -= bytes;
            if (waiting.isEmpty() || bytesTaken >= bytesMax) {
                return;
            }
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(Runnable::run);
    }

    public synchronized boolean isExhausted() {
        return bytesTaken >= bytesMax;
    }

    /**
     * Calls back once when bytes are available again.
     *
     * @return false if they are now, and no call will come
     */
    public synchronized boolean whenAvailable(Runnable callback) {
        if (bytesTaken < bytesMax) {
            return false;
        }
        if (waiting.add(callback)) {
            waits++;
        }
        return true;
    }

    /** Forgets a callback that is no longer wanted. */
    public synchronized void forget(Runnable callback) {
        waiting.remove(callback);
    }

    /** How often somebody began to wait since this was made. */
    public synchronized long waits() {
        return waits;
    }

    public long bytesMax() {
        return bytesMax;
    }

    public synchronized long bytesTaken() {
        return bytesTaken;
    }
}
