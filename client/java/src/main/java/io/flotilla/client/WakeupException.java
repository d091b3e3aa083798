package io.flotilla.client;

/** Thrown by {@link Consumer#poll} after {@link Consumer#wakeup()}: nothing is lost, the next poll goes on. */
public final class WakeupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WakeupException() {
        super("the consumer was woken up");
    }
}
