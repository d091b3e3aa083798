package io.flotilla.chaos.plan;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Whom faults of each kind strike in a random plan, and for how long. */
final class FaultShapes {
    private static final List<Role> SINGLES =
            List.of(Role.LEADER, Role.LEADER, Role.FOLLOWER, Role.CONTROLLER, Role.COORDINATOR, Role.ANY);

    /** One in so many of those faults that may strike all brokers does. */
    private static final int ALL_EVERY = 4;

    private FaultShapes() {}

    static PlannedFault draw(FaultId id, int brokers, long seed, long delayMillis, SplittableRandom random) {
        return new PlannedFault(
                new FaultSpec(id, target(id, brokers, random), new TreeMap<>()), seed, delayMillis, length(id, random));
    }

    private static Target target(FaultId id, int brokers, SplittableRandom random) {
        return switch (id) {
            case KILL, POWER_LOSS, TERMINATE, PAUSE, CLOCK, SLOW_DISK, FULL_DISK -> random.nextInt(ALL_EVERY) == 0
                    ? severalOf(brokers, random)
                    : single(random);
            case ROLLING_RESTART -> Target.of(Role.ALL);
            case TRANSFER_STORM, MEMBERSHIP, CLIENT_FAULT, METADATA_LOSS -> Target.of(Role.ANY);
            case SWIZZLE, LOSSY_LINK -> random.nextBoolean() ? Target.of(Role.ALL) : single(random);
            default -> single(random);
        };
    }

    private static Target single(SplittableRandom random) {
        return Target.of(SINGLES.get(random.nextInt(SINGLES.size())));
    }

    private static Target severalOf(int brokers, SplittableRandom random) {
        return random.nextBoolean() || brokers < 3
                ? Target.of(Role.ALL)
                : new Target(Role.ANY, 2 + random.nextInt(brokers - 2));
    }

    private static long length(FaultId id, SplittableRandom random) {
        return switch (id) {
            case KILL, TERMINATE, POWER_LOSS -> random.nextLong(8_001);
            case ROLLING_RESTART -> 0;
            case BIT_ROT, WIPE, TORN_WRITE -> 2_000 + random.nextLong(8_001);
            case METADATA_LOSS, FULL_DISK, READ_ONLY_DISK -> 5_000 + random.nextLong(15_001);
            default -> 1_000 + random.nextLong(14_001);
        };
    }
}
