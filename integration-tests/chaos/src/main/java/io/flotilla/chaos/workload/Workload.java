package io.flotilla.chaos.workload;

/**
 * Clients at work from their construction on. Whoever starts a workload closes it: then all of them end and close their
 * connections.
 */
public interface Workload extends AutoCloseable {
    /** As in the specification, {@code W2} or {@code reads}. */
    String name();

    /**
     * Asks the clients to end, and waits for them for a bounded time. What still waits for an answer is given up as unknown
     * at {@link #close}.
     */
    void stop();

    /** Ends what is left, and closes connections. */
    @Override
    void close();
}
