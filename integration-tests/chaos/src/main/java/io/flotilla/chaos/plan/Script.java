package io.flotilla.chaos.plan;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Writes down a plan step by step: what happens in an episode, then the next one.
 *
 * <p>Threading: confined.
 */
final class Script {
    private static final long SETTLE_MILLIS = 5_000;
    private static final long QUIET_MILLIS = 12_000;

    private final String name;
    private final long seed;
    private final int brokers;
    private final SplittableRandom random;
    private final List<Episode> episodes = new ArrayList<>();
    private List<PlannedFault> faults = new ArrayList<>();
    private long minMillis;

    Script(String name, long seed, int brokers) {
        this.name = name;
        this.seed = seed;
        this.brokers = brokers;
        this.random = new SplittableRandom(seed);
    }

    int brokers() {
        return brokers;
    }

    /**
     * Adds a fault to the episode that is being written.
     *
     * @param parameters names and values in turn
     */
    Script strike(FaultId id, Target target, long delayMillis, long lengthMillis, String... parameters) {
        return strikeAfter(Trigger.NONE, id, target, delayMillis, lengthMillis, parameters);
    }

    /** The same for a fault that follows something at once. */
    Script strikeAfter(
            Trigger trigger, FaultId id, Target target, long delayMillis, long lengthMillis, String... parameters) {
        TreeMap<String, String> named = new TreeMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            named.put(parameters[i], parameters[i + 1]);
        }
        faults.add(new PlannedFault(
                new FaultSpec(id, target, named), random.nextLong(), delayMillis, lengthMillis, trigger));
        return this;
    }

    /** The same for one broker with a role. */
    Script strike(FaultId id, Role role, long delayMillis, long lengthMillis, String... parameters) {
        return strike(id, Target.of(role), delayMillis, lengthMillis, parameters);
    }

    /** Ends the episode. */
    Script thenQuiet() {
        return thenQuiet(QUIET_MILLIS);
    }

    /** Ends the episode, and leaves the cluster in peace for so long. */
    Script thenQuiet(long quietMillis) {
        long startMillis = episodes.isEmpty()
                ? SETTLE_MILLIS
                : episodes.get(episodes.size() - 1).endMillis();
        episodes.add(new Episode(episodes.size() + 1, startMillis, random.nextLong(), faults, quietMillis));
        faults = new ArrayList<>();
        return this;
    }

    /** The run lasts at least so long. */
    Script lasting(long millis) {
        minMillis = millis;
        return this;
    }

    /** @throws IllegalStateException if an episode is against the promise */
    Plan plan() {
        for (Episode episode : episodes) {
            if (!Promise.allows(episode.faults(), brokers)) {
                throw new IllegalStateException(name + ": episode " + episode.number()
                        + " destroys more copies than a cluster of " + brokers + " brokers survives");
            }
        }
        return new Plan(seed, name, brokers, SETTLE_MILLIS, episodes, minMillis);
    }
}
