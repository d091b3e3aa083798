package io.flotilla.raftlog.partition;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.catchup.CatchUpSettings;
import io.flotilla.raftlog.catchup.ReplicaFetcher;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.index.DamagedIndex;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.partition.rules.BatchFacts;
import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.partition.rules.Verdict;
import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import io.flotilla.raftlog.segment.CorruptLog;
import io.flotilla.raftlog.segment.SegmentedLog;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's Raft group replicates: each committed entry's batches pass the rules and those that are accepted
 * are appended to the segments; an entry that advances the log start takes the oldest ones away. The answer and the
 * segments' bytes follow from the entries alone.
 *
 * <p>Threading: as {@link ReplicatedState} says; the background flusher comes in beside, and takes the lock only to copy
 * what the rules remember.
 */
final class PartitionState implements ReplicatedState {
    /** What a state tells the replica it belongs to. All of it may be called by any thread and returns quickly. */
    interface Owner {
        /** The log can be read from now on. */
        void opened(SegmentedLog log, LogPosition position);

        /** An entry took effect. */
        void advanced(LogPosition position);

        /** The leader epochs of the log, told before the entry took effect that changed them, or the log was opened. */
        default void epochs(LeaderEpochs epochs) {}

        void leadershipChanged(Leadership leadership);

        /** The replica can be trusted no more. */
        void failed(Throwable cause);

        /** Whether that was found here or elsewhere; it does not end. */
        boolean hasFailed();

        /** Whether the state is to be closed as the end of the process would leave it, without a last checkpoint. */
        default boolean isAbandoned() {
            return false;
        }

        /** The log is closed now. */
        void closed();
    }

    private final PartitionId partition;
    private final Path folder;
    private final LogIndex index;
    private final StorageSettings settings;
    private final Flusher flusher;
    private final LongSupplier nanoTime;
    private final Owner owner;
    private final PartitionCatchUp catchUp;
    private final boolean canCatchUp;
    private final AtomicBoolean checkpointAsked = new AtomicBoolean();
    private final Object lock = new Object();
    private volatile LogPosition applied = LogPosition.NONE;
    private @Nullable Open open;

    /** @param group that the state is of */
    PartitionState(
            PartitionId partition,
            GroupId group,
            Path folder,
            LogIndex index,
            StorageSettings settings,
            Flusher flusher,
            LongSupplier nanoTime,
            ReplicaFetcher fetcher,
            Owner owner) {
        this.partition = partition;
        this.folder = folder;
        this.index = index;
        this.settings = settings;
        this.flusher = flusher;
        this.nanoTime = nanoTime;
        this.owner = owner;
        this.catchUp = new PartitionCatchUp(partition, group, folder, fetcher, this::reopen);
        this.canCatchUp = fetcher.hasSource();
    }

    /** A state that has nothing but its group's log. */
    PartitionState(
            PartitionId partition,
            Path folder,
            LogIndex index,
            StorageSettings settings,
            Flusher flusher,
            LongSupplier nanoTime,
            Owner owner) {
        this(
                partition,
                partition.groupId(),
                folder,
                index,
                settings,
                flusher,
                nanoTime,
                new ReplicaFetcher(ReplicaSource.NONE, CatchUpSettings.DEFAULT),
                owner);
    }

    /** What exists between open and close. */
    private static final class Open {
        final SegmentedLog log;
        final PartitionRules rules;
        final Checkpointer checkpointer;
        Flusher.@Nullable Repetition flushing;

        Open(SegmentedLog log, PartitionRules rules, Checkpointer checkpointer) {
            this.log = log;
            this.rules = rules;
            this.checkpointer = checkpointer;
        }
    }

    @Override
    public LogPosition open() throws IOException {
        try {
            catchUp.finish();
            Checkpoint base = CheckpointFile.read(folder, partition);
            SegmentedLog log = SegmentedLog.open(
                    folder, base.settings().segmentBytesMax(), index, base.logStartOffset(), base.end());
            PartitionRules rules = PartitionRules.from(base.memory());
            Checkpointer checkpointer =
                    new Checkpointer(folder, log, base, () -> capture(base, rules, log), settings, nanoTime);
            Open opened = new Open(log, rules, checkpointer);
            open = opened;
            applied = base.position();
            opened.flushing = flusher.repeat(() -> background(() -> checkpointer.flush(applied)), partition.hashCode());
            owner.epochs(rules.epochs());
            owner.opened(log, base.position());
            return base.position();
        } catch (CorruptLog | DamagedIndex | EOFException | NoSuchFileException damage) {
            IOException failure = canCatchUp || damage instanceof DamagedIndex
                    ? new DamagedState(
                            "replica of partition " + partition + " is damaged: " + damage.getMessage(),
                            catchUp.ownPosition().orElse(LogPosition.NONE),
                            damage)
                    : damage;
            owner.failed(failure);
            throw failure;
        } catch (Throwable failure) {
            owner.failed(failure);
            throw failure;
        }
    }

    private Checkpoint capture(Checkpoint base, PartitionRules rules, SegmentedLog log) {
        synchronized (lock) {
            return new Checkpoint(partition, base.settings(), applied, log.end(), rules.memory());
        }
    }

    @Override
    public ByteBuffer apply(LogPosition position, ByteBuffer entry) throws IOException {
        Open now = openState();
        try {
            PartitionEntry decoded = PartitionEntry.decode(entry);
            if (!decoded.partition().equals(partition)) {
                throw new IOException("entry of partition " + decoded.partition() + " in the log of " + partition);
            }
            ByteBuffer answer;
            synchronized (lock) {
                answer = decoded.match(new Effects(now, Math.toIntExact(position.term())));
                applied = position;
            }
            owner.epochs(now.rules.epochs());
            owner.advanced(position);
            return answer;
        } catch (Throwable failure) { // even one that was half applied must not be followed by another
            owner.failed(failure);
            throw new IOException("cannot apply entry " + position.index() + " of partition " + partition, failure);
        }
    }

    /** What each kind of entry does. Runs under the lock. */
    private record Effects(Open open, int leaderEpoch) implements PartitionEntry.Cases<ByteBuffer> {
        @Override
        public ByteBuffer append(AppendEntry entry) throws IOException {
            List<BatchReply> replies = new ArrayList<>(entry.batches().size());
            boolean appended = false;
            for (RecordBatch batch : entry.batches()) {
                Verdict verdict = open.rules.apply(factsOf(batch), leaderEpoch, entry.proposedAtMillis());
                if (verdict instanceof Verdict.Accepted) {
                    open.log.append(batch, leaderEpoch);
                    appended = true;
                }
                replies.add(BatchReply.of(verdict, leaderEpoch, entry.proposedAtMillis()));
            }
            if (appended) {
                open.log.publish();
            }
            return BatchReply.encode(replies);
        }

        private static BatchFacts factsOf(RecordBatch batch) {
            return new BatchFacts(
                    batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.lastOffsetDelta() + 1);
        }

        @Override
        public ByteBuffer advanceLogStart(AdvanceLogStart entry) throws IOException {
            long logStartOffset = open.rules.advanceLogStart(entry.offset());
            open.log.advanceStart(logStartOffset);
            return AdvanceLogStart.answer(logStartOffset);
        }
    }

    private Open openState() throws IOException {
        Open now = open;
        if (now == null || owner.hasFailed()) {
            throw new IOException(
                    "replica of partition " + partition + (now == null ? " is not open" : " has failed before"));
        }
        return now;
    }

    @Override
    public void applied(LogPosition position) {
        synchronized (lock) {
            applied = position;
        }
        owner.advanced(position);
    }

    @Override
    public LogPosition checkpoint() throws IOException {
        Open now = openState();
        if (checkpointAsked.compareAndSet(false, true)) {
            flusher.soon(() -> background(() -> {
                checkpointAsked.set(false);
                now.checkpointer.checkpoint();
            }));
        }
        return now.checkpointer.durablePosition();
    }

    @Override
    public Optional<CatchUp> catchUp() {
        return canCatchUp ? Optional.of(catchUp) : Optional.empty();
    }

    /** Opens anew what came into the folder meanwhile; what was applied since the last checkpoint is given up. */
    private LogPosition reopen() throws IOException {
        closeFiles(openState(), false);
        return open();
    }

    private interface Work {
        void run() throws IOException;
    }

    private void background(Work work) {
        if (owner.hasFailed()) {
            return;
        }
        try {
            work.run();
        } catch (Throwable failure) { // nobody waits for this thread, so the replica must tell
            owner.failed(failure);
        }
    }

    @Override
    public void leadershipChanged(Leadership leadership) {
        owner.leadershipChanged(leadership);
    }

    @Override
    public void failed(Throwable cause) {
        owner.failed(cause);
    }

    @Override
    public void close() throws IOException {
        Open closing = open;
        if (closing == null) {
            return;
        }
        closeFiles(closing, !owner.hasFailed() && !owner.isAbandoned());
        catchUp.tidy();
    }

    private void closeFiles(Open closing, boolean lastCheckpoint) throws IOException {
        open = null;
        if (closing.flushing != null) {
            closing.flushing.stop();
        }
        owner.closed();
        try (SegmentedLog closed = closing.log) {
            closing.checkpointer.finish(lastCheckpoint);
        }
    }
}
