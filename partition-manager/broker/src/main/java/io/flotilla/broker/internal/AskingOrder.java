package io.flotilla.broker.internal;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which broker to ask next to change a group's peers: the one believed to lead first, then whom it names, then the rest,
 * each once; a leader that has made room, or is about to be ready, again.
 *
 * <p>Threading: none.
 */
final class AskingOrder {
    /** How often leaders that are not ready are asked in all; far more than the voters that ever have to make room for one. */
    static final int ROUNDS_MAX = 8;

    private final Deque<Integer> candidates;
    private final Set<Integer> asked = new HashSet<>();
    private int rounds = 1;

    /**
     * @param self    never asked
     * @param brokers the one believed to lead first
     */
    AskingOrder(int self, Collection<Integer> brokers) {
        candidates = new ArrayDeque<>(brokers);
        asked.add(self);
    }

    /** The broker to ask now; empty once nobody is left. */
    OptionalInt next() {
        for (Integer broker = candidates.poll(); broker != null; broker = candidates.poll()) {
            if (asked.add(broker)) {
                return OptionalInt.of(broker);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Learns from an answer.
     *
     * @param broker  the last one of {@link #next}
     * @param refusal what kept it from doing what it was asked, with the broker's answer as cause where there was one
     */
    void refused(int broker, IOException refusal) {
        if (refusal.getCause() instanceof NotLeader notLeader) {
            notLeader.leaderBrokerId().ifPresent(candidates::addFirst);
        } else if (refusal.getCause() instanceof Refused refused
                && refused.code() == ErrorCode.LEADER_NOT_READY
                && rounds < ROUNDS_MAX) {
            rounds++;
            asked.remove(broker);
            candidates.addFirst(broker);
        }
    }
}
