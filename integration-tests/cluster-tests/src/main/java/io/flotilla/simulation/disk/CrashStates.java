package io.flotilla.simulation.disk;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Picks what survives of a disk's pending changes: every subset if the changes are few, else a sample of them; with
 * each subset, one of its writes torn. Images that hold the same come once.
 */
public final class CrashStates {
    /**
     * How much to pick at one moment.
     *
     * @param changesExhaustive up to so many pending changes every subset is picked; 0 to 20
     * @param samplesMax        subsets picked of more changes than that, and ways in which the newest write is torn; 1
     *     or more
     */
    public record Limits(int changesExhaustive, int samplesMax) {
        public Limits {
            if (changesExhaustive < 0 || changesExhaustive > 20 || samplesMax < 1) {
                throw new IllegalArgumentException("limits of " + changesExhaustive + " changes, expected 0 to 20, and "
                        + samplesMax + " samples, expected 1 or more");
            }
        }
    }

    private final List<Change> pending;
    private final SimulatedDisk disk;
    private final SplittableRandom random;
    private final Consumer<CrashImage> visitor;
    private final Set<Long> seen = new HashSet<>();

    private CrashStates(SimulatedDisk disk, SplittableRandom random, Consumer<CrashImage> visitor) {
        this.disk = disk;
        this.pending = disk.pending();
        this.random = random;
        this.visitor = visitor;
    }

    /** Visits what a disk may hold after a loss of power now. */
    public static void visitAll(
            SimulatedDisk disk, Limits limits, SplittableRandom random, Consumer<CrashImage> visitor) {
        new CrashStates(disk, random, visitor).visit(disk.pending().size(), new BitSet(), limits);
    }

    /** Visits what a disk may hold after a loss of power now, and could not hold before its newest change, if any. */
    public static void visitNew(
            SimulatedDisk disk, Limits limits, SplittableRandom random, Consumer<CrashImage> visitor) {
        int newest = disk.pending().size() - 1;
        if (newest < 0) {
            return;
        }
        BitSet always = new BitSet();
        always.set(newest);
        new CrashStates(disk, random, visitor).visit(newest, always, limits);
    }

    /** One image: nothing survives, or everything, or something. */
    public static CrashImage anyOf(SimulatedDisk disk, SplittableRandom random) {
        CrashStates states = new CrashStates(disk, random, image -> {});
        BitSet changes = states.randomSubset(disk.pending().size());
        return CrashImage.of(disk, random.nextBoolean() ? Survivors.whole(changes) : states.tornOf(changes));
    }

    private void visit(int free, BitSet always, Limits limits) {
        if (free <= limits.changesExhaustive()) {
            for (long mask = (1L << free) - 1; mask >= 0; mask--) {
                BitSet changes = BitSet.valueOf(new long[] {mask});
                changes.or(always);
                visit(Survivors.whole(changes));
                visit(tornOf(changes));
            }
        } else {
            visitPrefixes(free, always);
            for (int sample = free + 1; sample < limits.samplesMax(); sample++) {
                BitSet changes = randomSubset(free);
                changes.or(always);
                visit(random.nextInt(3) == 0 ? tornOf(changes) : Survivors.whole(changes));
            }
        }
        if (free == pending.size() || pending.get(free) instanceof Change.Write) {
            visitTears(limits.samplesMax());
        }
    }

    /** Disks that keep order, as journals do. */
    private void visitPrefixes(int free, BitSet always) {
        BitSet changes = (BitSet) always.clone();
        visit(Survivors.whole(changes));
        for (int next = 0; next < free; next++) {
            changes.set(next);
            visit(Survivors.whole((BitSet) changes.clone()));
        }
    }

    /** The newest write torn in many ways, on a disk that kept all others. */
    private void visitTears(int tearsMax) {
        int newest = pending.size() - 1;
        while (newest >= 0 && !(pending.get(newest) instanceof Change.Write)) {
            newest--;
        }
        if (newest < 0) {
            return;
        }
        BitSet all = new BitSet();
        all.set(0, pending.size());
        List<Tear> tears = Tear.of((Change.Write) pending.get(newest));
        int start = random.nextInt(tears.size());
        for (int i = 0; i < Math.min(tears.size(), tearsMax); i++) {
            visit(new Survivors(all, newest, tears.get((start + i) % tears.size())));
        }
    }

    private void visit(Survivors survivors) {
        CrashImage image = CrashImage.of(disk, survivors);
        if (seen.add(image.signature())) {
            visitor.accept(image);
        }
    }

    private BitSet randomSubset(int free) {
        int percent = random.nextInt(101);
        BitSet changes = new BitSet();
        for (int change = 0; change < free; change++) {
            changes.set(change, random.nextInt(100) < percent);
        }
        return changes;
    }

    /** With the last surviving write of one file torn, if any write survives. */
    private Survivors tornOf(BitSet changes) {
        int torn = -1;
        Set<Node> later = new HashSet<>();
        for (int change = changes.length() - 1; change >= 0; change = changes.previousSetBit(change - 1)) {
            if (pending.get(change) instanceof Change.Write write
                    && later.add(write.node())
                    && (torn < 0 || random.nextBoolean())) {
                torn = change;
            }
        }
        if (torn < 0) {
            return Survivors.whole(changes);
        }
        List<Tear> tears = Tear.of((Change.Write) pending.get(torn));
        return new Survivors(changes, torn, tears.get(random.nextInt(tears.size())));
    }
}
