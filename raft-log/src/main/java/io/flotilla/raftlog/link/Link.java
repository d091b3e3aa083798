package io.flotilla.raftlog.link;

/**
 * One end of a TCP connection of this process.
 *
 * <p>Threading: every method may be called by any thread, and returns at once.
 */
public interface Link {
    /** Whether this end opened the connection. */
    boolean isDialed();

    /** Port of this end. */
    int localPort();

    /** Port of the other end. */
    int remotePort();

    /**
     * Nothing goes out and nothing comes in from now on, as if every packet were lost: what either side sends waits in
     * buffers until {@link #release}. A connection that is closed meanwhile stays closed.
     */
    void hold();

    /** Ends {@link #hold}. One that is not held is left as it is. */
    void release();

    /** Ends the connection at once, as the system does for a process that was killed. */
    void reset();
}
