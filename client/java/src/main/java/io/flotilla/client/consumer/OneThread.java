package io.flotilla.client.consumer;

import java.util.ConcurrentModificationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets one thread at a time into an object that is not thread-safe, and tells a second one so. */
public final class OneThread {
    private final String what;
    private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();

    /**
     * @param what for the message, as {@code the consumer}
     */
    public OneThread(String what) {
        this.what = what;
    }

    /**
     * Runs the action alone. A thread that is inside already may come in again.
     *
     * @throws ConcurrentModificationException if another thread is inside
     */
    public <T extends @Nullable Object> T alone(Supplier<T> action) {
        Thread current = Thread.currentThread();
        Thread before = inside.get();
        boolean nested = before == current;
        if (!nested && !inside.compareAndSet(null, current)) {
            throw new ConcurrentModificationException(what + " is not thread-safe: thread "
                    + (before == null ? "another" : before.getName()) + " is inside, " + current.getName()
                    + " tried to enter");
        }
        try {
            return action.get();
        } finally {
            if (!nested) {
                inside.set(null);
            }
        }
    }
}
