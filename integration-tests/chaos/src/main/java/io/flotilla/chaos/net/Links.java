package io.flotilla.chaos.net;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The directed links between the brokers of a cluster, and between its clients and each broker. A link from one end to
 * the other carries all that the first end sends to the second one, on connections that either of them has opened.
 *
 * <p>Threading: safe for all threads.
 */
public interface Links {
    /** The other end of a broker's links to all clients, this JVM's own ones among them. */
    int CLIENTS = -1;

    /** Node ids of the brokers that links join. */
    List<Integer> nodes();

    /** How a link treats what goes through it now. */
    LinkRule rule(int from, int to);

    /**
     * Changes that, at once and as a whole. What was held back and is free now goes on its way.
     *
     * @throws UnsupportedOperationException if the backend's links cannot do such a thing
     */
    void rule(int from, int to, LinkRule rule);

    /** Resets all connections that are open now and that {@code from} has opened to {@code to}. */
    void reset(int from, int to);

    /**
     * Makes {@code to} forget all connections that {@code from} has opened to it, without {@code from} being told as long
     * as the rule in the other direction says that this is {@linkplain LinkRule#forgotten forgotten}.
     */
    void forget(int from, int to);

    LinkCounters counters(int from, int to);

    /** Whether links count at all; if not, only probes prove something. */
    default boolean count() {
        return true;
    }

    /**
     * Opens a connection as {@code from} would, and waits for the broker's first word.
     *
     * @param from a broker, or {@link #CLIENTS}
     * @param to   a broker
     * @return how long that took; empty if nothing came in time, or the connection was refused
     */
    Optional<Duration> probe(int from, int to, Duration timeout);

    /** From now on nothing arrives at {@code to} that {@code from} sends; connections stay open and nobody is told. */
    default void cut(int from, int to) {
        rule(from, to, rule(from, to).withCut());
    }

    /** From now on connections that {@code from} opens to {@code to} are reset, those that are open at once. */
    default void refuse(int from, int to) {
        rule(from, to, rule(from, to).withRefusal());
        reset(from, to);
    }

    /** From now on what {@code from} sends arrives late at {@code to}, by {@code fixed} and up to {@code jitter} more. */
    default void delay(int from, int to, Duration fixed, Duration jitter) {
        rule(from, to, rule(from, to).withDelay(fixed.toNanos(), jitter.toNanos()));
    }

    /** From now on packets from {@code from} to {@code to} are lost or doubled by chance; shares from 0 to 1. */
    default void lose(int from, int to, double lost, double doubled) {
        rule(from, to, rule(from, to).withLoss(lost, doubled));
    }

    /** From now on no more than so many bytes a second, 1 or more, arrive at {@code to}. */
    default void narrow(int from, int to, long bytesPerSecond) {
        rule(from, to, rule(from, to).withRate(bytesPerSecond));
    }

    /** Takes back all that was asked of a link. */
    default void heal(int from, int to) {
        rule(from, to, LinkRule.NONE);
    }

    /** The same for all links. */
    default void healAll() {
        for (int to : nodes()) {
            heal(CLIENTS, to);
            heal(to, CLIENTS);
            nodes().stream().filter(from -> from != to).forEach(from -> heal(from, to));
        }
    }
}
