package io.flotilla.chaos.plan;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import java.util.List;

/**
 * What the product promises to survive, as a rule about plans: every partition has a copy on three of the brokers (on all,
 * if there are fewer), and as long as a majority of copies keep what they said was durable, nothing that was acknowledged is
 * lost. Copies may be stopped, cut off and deprived of power at will, all of them at once too: that costs availability only.
 * They may be damaged, wiped or lied to by their disks only on a minority, over a whole episode: what was damaged is healed
 * only after it, and two copies damaged one after the other are two copies damaged.
 */
public final class Promise {
    private static final int COPIES = 3;

    private Promise() {}

    /** How many brokers of a cluster may lose what they had stored. */
    public static int destructibleBrokers(int brokers) {
        return (Math.min(brokers, COPIES) - 1) / 2;
    }

    /** Whether the faults of an episode, all together, leave a cluster of so many brokers able to recover. */
    public static boolean allows(List<PlannedFault> faults, int brokers) {
        int destroyed = faults.stream()
                .map(PlannedFault::spec)
                .filter(spec -> destroys(spec.id()))
                .mapToInt(spec -> struck(spec, brokers))
                .sum();
        return destroyed <= destructibleBrokers(brokers) && !mixes(faults);
    }

    /** Whether a fault takes away, for good, what its brokers have stored. */
    public static boolean destroys(FaultId id) {
        return switch (id) {
            case BIT_ROT, WIPE, LYING_DISK, TORN_WRITE -> true;
            default -> false;
        };
    }

    /**
     * A replica that is on its way to another broker, or whose log is being repaired, counts as none; what else takes copies
     * away must not come on top of it.
     */
    private static boolean mixes(List<PlannedFault> faults) {
        boolean destroys =
                faults.stream().anyMatch(fault -> destroys(fault.spec().id()));
        boolean moves = faults.stream().anyMatch(fault -> fault.spec().id() == FaultId.MEMBERSHIP);
        return destroys && moves;
    }

    private static int struck(FaultSpec spec, int brokers) {
        return spec.target().role() == Target.Role.ALL ? brokers : spec.target().count();
    }
}
