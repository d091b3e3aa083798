package io.flotilla.chaos.plan;

import java.util.List;

/**
 * All that will be done to a cluster in a run.
 *
 * @param seed     from which it was drawn
 * @param name     of the scenario it follows, or {@code random}
 * @param brokers  that it was made for
 * @param settleMillis in which the cluster is used and left in peace before the first episode
 * @param episodes in the order of time; none for a run without faults
 * @param minMillis the run lasts at least so long, whatever the episodes take
 * @param lastStartMillis since the run's first step: an episode that cannot begin by then, as earlier ones took longer than
 *     was planned, is left out; 0 for a script, of which no episode may be missing
 */
public record Plan(
        long seed,
        String name,
        int brokers,
        long settleMillis,
        List<Episode> episodes,
        long minMillis,
        long lastStartMillis) {
    public Plan {
        episodes = List.copyOf(episodes);
    }

    /** A script: all its episodes happen, however long they take. */
    public Plan(long seed, String name, int brokers, long settleMillis, List<Episode> episodes, long minMillis) {
        this(seed, name, brokers, settleMillis, episodes, minMillis, 0);
    }

    /** Whether an episode may still begin, so long after the run's first step. */
    public boolean mayBeginAt(long millis) {
        return lastStartMillis == 0 || millis <= lastStartMillis;
    }

    /** When the last episode's quiet ends, in milliseconds since the run's first step. */
    public long lengthMillis() {
        long end = episodes.stream().mapToLong(Episode::endMillis).max().orElse(0);
        return Math.max(minMillis, end);
    }

    /** The same with these episodes only, numbered and timed as before. */
    public Plan with(List<Episode> kept) {
        return new Plan(seed, name, brokers, settleMillis, kept, minMillis, lastStartMillis);
    }
}
