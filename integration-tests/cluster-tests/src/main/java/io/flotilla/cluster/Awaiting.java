package io.flotilla.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for things that other processes do, and says what did not come. */
public final class Awaiting {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private Awaiting() {}

    /**
     * Looks again and again until the condition holds. An exception of the condition ends the wait.
     *
     * @param expectation completes the sentence "waited 5 s for …"
     * @param state       what is the case instead; asked only on failure
     * @throws IllegalStateException if the condition does not hold in time
     */
    public static void until(Duration timeout, String expectation, BooleanSupplier condition, Supplier<String> state) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + expectation);
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException(
                        "waited " + timeout.toSeconds() + " s for " + expectation + "; instead: " + state.get());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
