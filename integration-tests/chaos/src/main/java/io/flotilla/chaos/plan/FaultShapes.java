package io.flotilla.chaos.plan;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Whom faults of each kind strike in a random plan, how, and for how long. */
final class FaultShapes {
    private static final List<Role> SINGLES =
            List.of(Role.LEADER, Role.LEADER, Role.FOLLOWER, Role.CONTROLLER, Role.COORDINATOR, Role.ANY);

    /** One in so many of those faults that may strike all brokers does. */
    private static final int ALL_EVERY = 4;

    /** So many make a majority ring, or a bridge with two on either side. */
    private static final int BROKERS_OF_RING = 5;

    private FaultShapes() {}

    static PlannedFault draw(FaultId id, int brokers, long seed, long delayMillis, SplittableRandom random) {
        return new PlannedFault(
                new FaultSpec(id, target(id, brokers, random), parameters(id, brokers, random)),
                seed,
                delayMillis,
                length(id, random));
    }

    private static Target target(FaultId id, int brokers, SplittableRandom random) {
        return switch (id) {
            case KILL, POWER_LOSS, TERMINATE, PAUSE, CLOCK, SLOW_DISK, FULL_DISK ->
                random.nextInt(ALL_EVERY) == 0 ? severalOf(brokers, random) : single(random);
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

    private static SortedMap<String, String> parameters(FaultId id, int brokers, SplittableRandom random) {
        SortedMap<String, String> chosen = new TreeMap<>();
        switch (id) {
            case PAUSE -> chosen.put("mode", one(random, "once", "once", "once", "strobe"));
            case PARTITION -> {
                chosen.put("shape", one(random, "isolate", "isolate", "halves", "random", "minority"));
                chosen.put("clients", one(random, "all", "group", "others"));
            }
            case PARTITION_ONE_WAY -> chosen.put("direction", one(random, "inbound", "outbound"));
            case PARTIAL_PARTITION ->
                chosen.put("shape", brokers < BROKERS_OF_RING ? "pair" : one(random, "pair", "bridge", "ring"));
            case RESET -> chosen.put("mode", one(random, "reset", "reset", "refuse", "half-open"));
            case SLOW_LINK -> chosen.put("delay.ms", one(random, "20", "200", "1000", "3000"));
            case LOSSY_LINK -> chosen.put("loss.percent", one(random, "1", "10", "30", "50"));
            case NARROW_LINK -> chosen.put("kbit", one(random, "64", "1000", "10000"));
            case SLOW_DISK -> chosen.put("delay.ms", one(random, "10", "300", "3000"));
            case IO_ERROR -> {
                chosen.put("call", one(random, "sync", "sync", "write"));
                chosen.put("mode", one(random, "forever", "once", "some"));
                chosen.put("files", one(random, "raft-log", "raft-meta", "segment", "index-log", "checkpoint"));
            }
            case BIT_ROT -> chosen.put("state", one(random, "stopped", "stopped", "running"));
            case FAILPOINT -> chosen.put("action", one(random, "halt", "halt", "exception", "sleep"));
            case TORN_WRITE -> chosen.put("unit", one(random, "1", "512", "4096"));
            case CLOCK -> {
                chosen.put("mode", one(random, "jump", "jump", "strobe", "rate"));
                chosen.put("by.ms", one(random, "1000", "-1000", "3600000", "-3600000", "2592000000", "-2592000000"));
            }
            default -> {
                // The defaults of the kind, or what its own seed chooses.
            }
        }
        return chosen;
    }

    private static String one(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
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
