package io.flotilla.raftlog.raft.ratis.simulation;

import java.util.SplittableRandom;

/**
 * What a path does to its messages.
 *
 * @param cut             whether nothing passes, and nobody is told
 * @param dropPercent     messages lost, 0 to 100
 * @param duplicatePercent messages delivered twice, the second time later
 * @param reorderPercent  messages that those sent later may overtake
 * @param delayMillisMax  each waits from 0 to this long, drawn anew
 */
public record Faults(boolean cut, int dropPercent, int duplicatePercent, int reorderPercent, int delayMillisMax) {
    public static final Faults NONE = new Faults(false, 0, 0, 0, 0);
    public static final Faults CUT = new Faults(true, 0, 0, 0, 0);

    /** How much later than drawn a duplicate comes, or a message that others overtake. */
    private static final int STRAGGLE_MILLIS_MAX = 20;

    public Faults {
        requirePercent("dropPercent", dropPercent);
        requirePercent("duplicatePercent", duplicatePercent);
        requirePercent("reorderPercent", reorderPercent);
        if (delayMillisMax < 0) {
            throw new IllegalArgumentException("delayMillisMax is " + delayMillisMax + "; allowed: 0 or more");
        }
    }

    private static void requirePercent(String name, int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: 0 to 100");
        }
    }

    /**
     * One message's lot.
     *
     * @param dropped           it does not arrive
     * @param delayMillis       until it arrives
     * @param ordered           it comes after those sent before it on its path
     * @param secondDelayMillis until it arrives a second time, -1 for never
     */
    public record Fate(boolean dropped, int delayMillis, boolean ordered, int secondDelayMillis) {
        static final Fate ARRIVES = new Fate(false, 0, true, -1);
        static final Fate DROPPED = new Fate(true, 0, true, -1);
    }

    /** The lot of one message: depends on nothing but the random numbers. */
    Fate fate(SplittableRandom random) {
        if (cut) {
            return Fate.DROPPED;
        }
        boolean dropped = random.nextInt(100) < dropPercent;
        boolean duplicated = random.nextInt(100) < duplicatePercent;
        boolean straggles = random.nextInt(100) < reorderPercent;
        int delayMillis = random.nextInt(delayMillisMax + 1);
        int straggleMillis = random.nextInt(1, STRAGGLE_MILLIS_MAX + 1);
        if (dropped) {
            return Fate.DROPPED;
        }
        return new Fate(
                false,
                straggles ? delayMillis + straggleMillis : delayMillis,
                !straggles,
                duplicated ? delayMillis + straggleMillis : -1);
    }
}
