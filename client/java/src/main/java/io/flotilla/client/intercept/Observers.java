package io.flotilla.client.intercept;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls those who only watch, and keeps their failures from the client and from each other. A failure is logged at once;
 * those that follow within a while are counted and logged together, since one may come with every record.
 *
 * <p>Threading: safe.
 */
final class Observers<T> {
    /** Least time between two warnings. */
    static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final List<T> all;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private long quietUntilNanos;

    @GuardedBy("this")
    private boolean warned;

    @GuardedBy("this")
    private long failuresSinceWarning;

    Observers(List<T> all, LongSupplier nanoTime) {
        this.all = all;
        this.nanoTime = nanoTime;
    }

    void tell(Consumer<T> news) {
        for (T one : all) {
            try {
                news.accept(one);
            } catch (RuntimeException failure) { // whatever it is, it is the application's
                failed(one, failure);
            }
        }
    }

    private void failed(T one, RuntimeException failure) {
        long failures = toWarnOf();
        if (failures > 0) {
            LOG.warn(
                    "an interceptor failed; the client goes on without it interceptor={} failures={}",
                    one.getClass().getName(),
                    failures,
                    failure);
        }
    }

    /** Counts a failure; how many to warn of now, 0 for none. */
    synchronized long toWarnOf() {
        failuresSinceWarning++;
        long now = nanoTime.getAsLong();
        if (warned && now - quietUntilNanos < 0) {
            return 0;
        }
        warned = true;
        quietUntilNanos = now + WARNING_INTERVAL_NANOS;
        long failures = failuresSinceWarning;
        failuresSinceWarning = 0;
        return failures;
    }
}
