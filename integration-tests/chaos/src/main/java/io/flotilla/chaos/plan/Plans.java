package io.flotilla.chaos.plan;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Draws plans at random, within what the product promises to survive. */
public final class Plans {
    private static final long SETTLE_MILLIS = 5_000;
    private static final int FAULTS_PER_EPISODE_MAX = 3;
    private static final long DELAY_MILLIS_MAX = 4_000;
    private static final long QUIET_MILLIS_MIN = 10_000;
    private static final long QUIET_MILLIS_MAX = 20_000;

    /** After so many draws that the promise forbids an episode has the faults that it has. */
    private static final int DRAWS_MAX = 50;

    private Plans() {}

    /**
     * A plan of episodes with one to three faults each, as many as begin within the time.
     *
     * @param duration of the run without what comes before and after the episodes
     * @param possible kinds to draw from; none makes a run without faults
     * @return the same for the same arguments
     */
    public static Plan random(long seed, Duration duration, int brokers, Set<FaultId> possible) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FaultId> kinds = List.copyOf(new TreeSet<>(possible));
        List<Episode> episodes = new ArrayList<>();
        long startMillis = SETTLE_MILLIS;
        while (!kinds.isEmpty() && startMillis < duration.toMillis()) {
            Episode next = episode(episodes.size() + 1, startMillis, random.split(), brokers, kinds);
            if (!episodes.isEmpty() && next.endMillis() > duration.toMillis() + QUIET_MILLIS_MAX) {
                break;
            }
            episodes.add(next);
            startMillis = next.endMillis();
        }
        return new Plan(seed, "random", brokers, SETTLE_MILLIS, episodes, duration.toMillis(), duration.toMillis());
    }

    private static Episode episode(
            int number, long startMillis, SplittableRandom random, int brokers, List<FaultId> kinds) {
        long seed = random.nextLong();
        int wanted = 1 + random.nextInt(FAULTS_PER_EPISODE_MAX);
        List<PlannedFault> faults = new ArrayList<>();
        for (int draw = 0; draw < DRAWS_MAX && faults.size() < wanted; draw++) {
            FaultId kind = kinds.get(random.nextInt(kinds.size()));
            PlannedFault fault = FaultShapes.draw(
                    kind,
                    brokers,
                    random.nextLong(),
                    faults.isEmpty() ? 0 : random.nextLong(DELAY_MILLIS_MAX + 1),
                    random);
            boolean fits =
                    faults.stream().noneMatch(planned -> clash(planned.spec().id(), kind));
            List<PlannedFault> together = new ArrayList<>(faults);
            together.add(fault);
            if (fits && Promise.allows(together, brokers)) {
                faults.add(fault);
            }
        }
        if (faults.isEmpty()) { // no kind alone is allowed on a cluster so small
            faults.add(new PlannedFault(
                    new FaultSpec(FaultId.KILL, Target.of(Role.ANY), new TreeMap<>()), random.nextLong(), 0, 0));
        }
        long quietMillis = QUIET_MILLIS_MIN + random.nextLong(QUIET_MILLIS_MAX - QUIET_MILLIS_MIN + 1);
        return new Episode(number, startMillis, seed, faults, quietMillis);
    }

    /** Whether two kinds in one episode would only be in each other's way: a failpoint needs a broker that works. */
    private static boolean clash(FaultId one, FaultId other) {
        return one == other
                || one == FaultId.FAILPOINT
                || other == FaultId.FAILPOINT
                || (one == FaultId.ROLLING_RESTART && endsBrokers(other))
                || (other == FaultId.ROLLING_RESTART && endsBrokers(one));
    }

    /** Brokers that are stopped or end under it cannot be restarted in order. */
    private static boolean endsBrokers(FaultId id) {
        return switch (id) {
            case KILL,
                    TERMINATE,
                    PAUSE,
                    POWER_LOSS,
                    METADATA_LOSS,
                    IO_ERROR,
                    FULL_DISK,
                    READ_ONLY_DISK,
                    TORN_WRITE,
                    BIT_ROT,
                    WIPE,
                    SCARCE_RESOURCES -> true;
            default -> false;
        };
    }
}
