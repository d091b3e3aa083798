package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.ProducerOpened;
import java.util.Arrays;
import java.util.BitSet;

/** Which producers are idempotent, and how far each has come. */
final class Producers {
    private final BitSet idempotent = new BitSet();
    private long[] lastSequences = new long[0];

    void see(ProducerOpened opened) {
        idempotent.set(opened.producer(), opened.idempotent());
    }

    boolean isIdempotent(int producer) {
        return idempotent.get(producer);
    }

    /** Whether this is the first send of the value; the sequences of a producer's values grow. */
    boolean isNew(int producer, long sequence) {
        if (producer >= lastSequences.length) {
            int old = lastSequences.length;
            lastSequences = Arrays.copyOf(lastSequences, Math.max(producer + 1, 2 * old));
            Arrays.fill(lastSequences, old, lastSequences.length, -1);
        }
        if (sequence <= lastSequences[producer]) {
            return false;
        }
        lastSequences[producer] = sequence;
        return true;
    }
}
