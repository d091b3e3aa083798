package io.flotilla.chaos.net;

import java.time.Duration;
import java.util.List;

/**
 * The directed links between the brokers of a cluster, and between its clients and each broker. A link from one end to
 * the other carries all that the first end sends to the second one, on connections that either of them has opened.
 *
 * <p>What is asked of a link replaces only what was asked of the same kind before; {@link #heal} takes back everything.
 * Faults that a backend's links cannot show are refused with {@link UnsupportedOperationException}.
 *
 * <p>Threading: safe for all threads.
 */
public interface Links {
    /** The other end of a broker's links to all clients, this JVM's own ones among them. */
    int CLIENTS = -1;

    /** Node ids of the brokers that links join. */
    List<Integer> nodes();

    /** From now on nothing arrives at {@code to} that {@code from} sends; connections stay open and nobody is told. */
    void cut(int from, int to);

    /** From now on connections that {@code from} opens to {@code to} are reset, those that are open at once. */
    void refuse(int from, int to);

    /** Resets all connections that are open now and that {@code from} has opened to {@code to}. */
    void reset(int from, int to);

    /**
     * Makes {@code to} forget all connections that {@code from} has opened to it, without {@code from} being told before
     * it is healed. New connections are not disturbed where the backend can tell them apart.
     */
    void halfOpen(int from, int to);

    /** From now on what {@code from} sends arrives late at {@code to}, by {@code fixed} and up to {@code jitter} more. */
    void delay(int from, int to, Duration fixed, Duration jitter);

    /**
     * From now on packets from {@code from} to {@code to} are lost or doubled by chance.
     *
     * @param lost    share of the packets, from 0 to 1
     * @param doubled share of the packets, from 0 to 1
     */
    void lose(int from, int to, double lost, double doubled);

    /** From now on no more than so many bytes a second arrive at {@code to}, 1 or more. */
    void narrow(int from, int to, long bytesPerSecond);

    /** Takes back all that was asked of a link; what was held back goes on its way. */
    void heal(int from, int to);

    /** The same for all links. */
    void healAll();

    LinkCounters counters(int from, int to);
}
