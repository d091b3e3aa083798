package io.flotilla.chaos.run;

import io.flotilla.chaos.plan.Trigger;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits for what faults are to follow.
 *
 * @param acks    acknowledged records so far
 * @param votes   given so far
 * @param leaders grows with every leadership
 */
record Triggers(LongSupplier acks, LongSupplier votes, LongSupplier leaders) {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 200_000;

    /** Whether it came in time. */
    boolean await(Trigger trigger) {
        LongSupplier count =
                switch (trigger) {
                    case NONE -> () -> 0;
                    case ACK -> acks;
                    case VOTE -> votes;
                    case LEADER -> leaders;
                };
        if (trigger == Trigger.NONE) {
            return true;
        }
        long before = count.getAsLong();
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        while (count.getAsLong() == before) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
