package io.flotilla.raftlog.raft.ratis.transport;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for this server's requests, growing over all groups. They begin at a random place, so that an answer meant for
 * this server's earlier life is not taken for one to a request of this one.
 */
final class CallIds {
    /** Leaves room to grow for ever. */
    private static final int SPARE_BITS = 2;

    private final AtomicLong next = new AtomicLong(ThreadLocalRandom.current().nextLong() >>> SPARE_BITS);

    long next() {
        return next.getAndIncrement();
    }

    /** What {@link #next} returns next; answers to it and later ones belong to requests made after this call. */
    long peek() {
        return next.get();
    }
}
