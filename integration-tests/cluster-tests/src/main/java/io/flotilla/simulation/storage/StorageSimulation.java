package io.flotilla.simulation.storage;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.SteppedReplica;
import io.flotilla.raftlog.partition.SteppedStorage;
import io.flotilla.raftlog.partition.StorageSettings;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.simulation.disk.CrashImage;
import io.flotilla.simulation.disk.CrashStates;
import io.flotilla.simulation.disk.PowerCut;
import io.flotilla.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica's life by commands that follow from a seed, and after each operation on its disk and its index all the
 * ways in which it might end there. The moments behind operations are numbered; that number names a moment for good, as
 * long as seed and code stay the same.
 */
final class StorageSimulation {
    private static final PartitionId ID = new PartitionId(new UUID(7, 7), 3);
    private static final int SEGMENT_BYTES_MAX = 64 << 10;
    private static final StorageSettings SETTINGS =
            StorageSettings.DEFAULT.withCheckpointEvery(64 << 10, Duration.ofSeconds(30));
    /** A replica is deleted and made again when its log has so many entries, so that recoveries stay short. */
    private static final int ENTRIES_MAX = 60;

    private static final long MOMENT_SPREAD = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final Plan plan;
    private final Machine machine;
    private final SplittableRandom random;
    private final BatchMaker batches;
    private SimulatedDisk disk;
    private SimulatedIndex index = SimulatedIndex.empty();
    private RaftLog raft = new RaftLog(ID, SEGMENT_BYTES_MAX);
    private Promise promise = new Promise(Promise.Presence.ABSENT, false, -1, -1, raft);
    private @Nullable SteppedStorage storage;
    private @Nullable SteppedReplica replica;
    private String command = "start";
    private long applied = -1;
    private long term = 1;
    private long nanos;
    private long moment;
    private long states;
    private int operationsUntilPowerCut = Integer.MAX_VALUE;
    private @Nullable Violation found;

    /**
     * How much to do.
     *
     * @param commands of the replica's life
     * @param limits   of what is tried at one moment
     * @param only     the one moment at which to try anything, -1 for all
     */
    record Plan(int commands, CrashStates.Limits limits, long only) {}

    private StorageSimulation(long seed, Plan plan, Machine machine) {
        this.seed = seed;
        this.plan = plan;
        this.machine = machine;
        this.random = new SplittableRandom(seed);
        this.batches = new BatchMaker(random.split());
        this.disk = new SimulatedDisk(machine.syncRule());
        observe();
    }

    /**
     * Returns the number of crash states from which the storage recovered.
     *
     * @throws Violation when it did not; the message tells how to see it again
     */
    static long run(long seed, Plan plan, Machine machine) {
        StorageSimulation simulation = new StorageSimulation(seed, plan, machine);
        for (int left = plan.commands(); left > 0; left--) {
            simulation.step();
        }
        return simulation.states;
    }

    private void observe() {
        disk.observe(this::operated);
        index.observe(this::operated);
    }

    // ---- Commands ---------------------------------------------------------------------------------------------------

    private void step() {
        try {
            SteppedStorage opened = storage;
            if (opened == null) {
                command = "start";
                start();
            } else if (replica == null) {
                command = "create";
                create(opened);
            } else if (raft.lastIndex() >= ENTRIES_MAX) {
                command = "delete";
                delete(opened, replica);
            } else {
                live(replica);
            }
        } catch (PowerCut cut) {
            goOnAfterPowerCut();
        } catch (IOException | RuntimeException failure) { // of the storage, or wrapped by it
            if (operationsUntilPowerCut >= 0 && found == null) {
                found = violation(new Violation("failed though no power was cut: " + failure, failure), "");
            }
            goOnAfterPowerCut();
        }
        if (found != null) {
            throw found;
        }
    }

    private void live(SteppedReplica live) throws IOException {
        int what = random.nextInt(100);
        if (what < 52) {
            command = "apply";
            for (int left = 1 + random.nextInt(3); left > 0; left--) {
                apply(live, raft.commit(term, batches.nextMillis(), batches.next()));
            }
        } else if (what < 56) {
            command = "advance the log start";
            apply(live, raft.commitLogStart(term, batches.nextMillis(), nextLogStart()));
        } else if (what < 62) {
            command = "apply an entry of the group";
            term += random.nextInt(2);
            apply(live, raft.commit(term));
        } else if (what < 74) {
            command = "flush";
            live.runRepeated();
        } else if (what < 79) {
            command = "flush after a while";
            nanos += Duration.ofMinutes(1).toNanos();
            live.runRepeated();
        } else if (what < 87) {
            command = "checkpoint";
            noteDurable(live.checkpoint());
            live.runAsked();
            noteDurable(live.checkpoint());
        } else if (what < 92) {
            command = "close";
            live.close();
            noteDurable(raft.positionAt(applied));
            replica = null;
            storage = null;
        } else if (what < 94) {
            command = "delete";
            delete(opened(), live);
        } else {
            operationsUntilPowerCut = random.nextInt(12);
        }
    }

    /** Mostly among the older records, now and then the end or what makes no sense. */
    private long nextLogStart() {
        long start = raft.reference().startOffset();
        long end = raft.reference().endOffset();
        return switch (random.nextInt(6)) {
            case 0 -> end;
            case 1 -> end + random.nextInt(20);
            case 2 -> random.nextLong(start + 1);
            default -> start + random.nextLong((end - start) / 2 + 1);
        };
    }

    private SteppedStorage opened() {
        if (storage == null) {
            throw new IllegalStateException("the storage is not open");
        }
        return storage;
    }

    private void start() throws IOException {
        SteppedStorage opened = SteppedStorage.open(Recovery.rootOf(disk));
        storage = opened;
        boolean present = opened.replicas().contains(ID);
        if (promise.presence() != (present ? Promise.Presence.PRESENT : Promise.Presence.ABSENT)) {
            if (promise.presence() != Promise.Presence.EITHER) {
                throw new Violation("the replica is " + promise.presence() + " and found " + present);
            }
            promise(present ? Promise.Presence.PRESENT : Promise.Presence.ABSENT, present && opened.hasJoined(ID));
        }
        if (present) {
            if (!promise.joined()) {
                opened.markJoined(ID);
                promise(Promise.Presence.PRESENT, true);
            }
            LongSupplier clock = () -> nanos;
            SteppedReplica found = opened.replica(ID, machine.indexSeen(index), SETTINGS, clock);
            LogPosition position = found.open();
            replica = found;
            noteDurable(position);
            for (applied = machine.replayFrom(position) - 1; applied < raft.lastIndex(); ) {
                apply(found, raft.entry(Math.max(0, applied + 1)));
            }
        }
    }

    private void create(SteppedStorage opened) throws IOException {
        raft = new RaftLog(ID, SEGMENT_BYTES_MAX);
        applied = -1;
        promise = new Promise(Promise.Presence.EITHER, false, -1, -1, raft);
        opened.create(
                ID, new PartitionSettings(SEGMENT_BYTES_MAX, BatchMaker.BATCH_BYTES_MAX), machine.indexSeen(index));
        promise(Promise.Presence.PRESENT, false);
        start();
    }

    private void delete(SteppedStorage opened, SteppedReplica deleted) throws IOException {
        promise = new Promise(Promise.Presence.EITHER, promise.joined(), promise.durable(), promise.committed(), raft);
        opened.markDeleted(ID);
        promise(Promise.Presence.ABSENT, false);
        replica = null;
        deleted.close();
        opened.delete(ID, machine.indexSeen(index));
    }

    private void apply(SteppedReplica live, RaftLog.Entry entry) throws IOException {
        long committed = Math.max(promise.committed(), entry.position().index());
        promise = new Promise(promise.presence(), promise.joined(), promise.durable(), committed, raft);
        if (entry.data() == null) {
            live.applied(entry.position());
        } else {
            raft.answered(entry.position().index(), live.apply(entry.position(), entry.data()));
        }
        applied = entry.position().index();
    }

    /** From now on the Raft log may be gone up to there. */
    private void noteDurable(LogPosition position) {
        if (position.index() > promise.durable()) {
            promise = new Promise(promise.presence(), promise.joined(), position.index(), promise.committed(), raft);
            promised();
        }
    }

    private void promise(Promise.Presence presence, boolean joined) {
        promise = new Promise(presence, joined, promise.durable(), promise.committed(), raft);
        promised();
    }

    private void goOnAfterPowerCut() {
        CrashImage image = CrashStates.anyOf(disk, random);
        disk = image.disk();
        index = index.afterPowerLoss(random.nextInt(index.unsynced() + 1));
        operationsUntilPowerCut = Integer.MAX_VALUE;
        replica = null;
        storage = null;
        observe();
    }

    // ---- Crash states -----------------------------------------------------------------------------------------------

    private void operated(Supplier<String> operation, boolean changed) {
        if (changed) {
            explore(operation, Scope.NEW);
        } else {
            explore(operation, Scope.FEW);
        }
        if (operationsUntilPowerCut-- <= 0) {
            throw new PowerCut();
        }
    }

    private void promised() {
        explore(() -> "a promise", Scope.ALL);
    }

    private enum Scope {
        /** What was not possible before the newest operation. */
        NEW,
        /** Two, since a sync makes nothing possible that was not. */
        FEW,
        ALL
    }

    private void explore(Supplier<String> operation, Scope scope) {
        moment++;
        if (plan.only() >= 0 && plan.only() != moment) {
            return;
        }
        SplittableRandom chance = new SplittableRandom(seed ^ moment * MOMENT_SPREAD);
        switch (scope) {
            case NEW -> CrashStates.visitNew(disk, plan.limits(), chance, image -> check(operation, image, chance));
            case ALL -> CrashStates.visitAll(disk, plan.limits(), chance, image -> check(operation, image, chance));
            case FEW -> {
                check(operation, CrashStates.anyOf(disk, chance), chance);
                check(operation, CrashStates.anyOf(disk, chance), chance);
            }
        }
    }

    private void check(Supplier<String> operation, CrashImage image, SplittableRandom chance) {
        int survivors = indexSurvivors(chance);
        SimulatedIndex left = survivors < 0 ? SimulatedIndex.empty() : index.afterPowerLoss(survivors);
        try {
            new Recovery(ID, SETTINGS, machine, promise, chance).check(image.disk(), left);
        } catch (Violation violation) {
            String indexStory =
                    survivors < 0 ? "empty" : survivors + " of " + index.unsynced() + " unsynced writes left";
            found = violation(
                    violation,
                    " behind " + operation.get() + "\n  disk: " + image.story() + "\n  index: " + indexStory);
        }
        states++;
    }

    /** Writes that the index keeps, mostly all or none; -1 if it is lost altogether. */
    private int indexSurvivors(SplittableRandom chance) {
        return switch (chance.nextInt(8)) {
            case 0 -> -1;
            case 1, 2 -> 0;
            case 3, 4 -> chance.nextInt(index.unsynced() + 1);
            default -> index.unsynced();
        };
    }

    private Violation violation(Violation violation, String where) {
        return new Violation(
                "seed " + seed + " step " + moment + ": " + violation.getMessage() + "\n  during: " + command + where
                        + "\n  again: integration-tests/run crash-states --seed " + seed + " --step " + moment,
                violation);
    }
}
