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
 */
public record Plan(long seed, String name, int brokers, long settleMillis, List<Episode> episodes, long minMillis) {
    public Plan {
        episodes = List.copyOf(episodes);
    }

    /** When the last episode's quiet ends, in milliseconds since the run's first step. */
    public long lengthMillis() {
        long end = episodes.stream().mapToLong(Episode::endMillis).max().orElse(0);
        return Math.max(minMillis, end);
    }

    /** The same with these episodes only, numbered and timed as before. */
    public Plan with(List<Episode> kept) {
        return new Plan(seed, name, brokers, settleMillis, kept, minMillis);
    }
}
