package io.flotilla.raftlog.partition;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.partition.rules.Retention;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.segment.BatchSlice;
import io.flotilla.raftlog.segment.SegmentDescription;
import io.flotilla.raftlog.segment.SegmentedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica as its callers see it, for as long as its folder exists: its group and its open log come and go below.
 *
 * <p>Threading: safe for all threads; what is known is in volatile fields, each replaced as a whole.
 */
final class PartitionReplica implements Partition, PartitionState.Owner {
    private static final Logger log = LoggerFactory.getLogger(PartitionReplica.class);

    private final PartitionId id;
    private final int incarnation;
    private final GroupId groupId;
    private volatile PartitionSettings settings;
    private final Clock clock;
    private final Coalescer coalescer;
    private final List<Registration> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable SegmentedLog segments;
    private volatile @Nullable ReplicatedGroup group;
    private volatile @Nullable Throwable failure;
    private volatile boolean listed;
    private volatile boolean abandoned;
    private volatile Leadership lastLeadership = Leadership.UNKNOWN;
    private volatile long appliedIndex = LogPosition.NONE.index();
    private volatile long logStartOffset;
    private volatile long highWatermark;
    private volatile LeaderEpochs epochs = LeaderEpochs.NONE;

    PartitionReplica(
            PartitionId id, int incarnation, PartitionSettings settings, StorageSettings storage, Clock clock) {
        this.id = id;
        this.incarnation = incarnation;
        this.groupId = id.groupId(incarnation);
        this.settings = settings;
        this.clock = clock;
        this.coalescer = new Coalescer(id, storage, this::propose);
    }

    /** Gives the replica its member of the group. */
    void attach(ReplicatedGroup member) {
        group = member;
        listed = true;
        notifyListeners();
    }

    /** Takes the replica's member away; it serves nothing until {@link #resuming} and {@link #attach}. */
    void pause(Throwable reason) {
        synchronized (this) {
            if (failure == null) {
                failure = reason;
            }
        }
        group = null;
        coalescer.failWaiting(storageFailure());
        notifyListeners();
    }

    /** From now on the replica is as good as one that was just found in its folder. */
    void resuming() {
        synchronized (this) {
            failure = null;
        }
    }

    boolean isAttached() {
        return group != null;
    }

    /** Whether it has ever had its group or failed. Until then whoever wants it has to create it again. */
    boolean isListed() {
        return listed;
    }

    /** Learns its settings, when a damaged checkpoint has kept them from it until now. */
    synchronized void learn(PartitionSettings known) {
        settings = known;
    }

    /** From now on this replica accepts batches up to so many bytes while it leads; returns whether that is news. */
    synchronized boolean limitBatches(int bytesMax) {
        PartitionSettings before = settings;
        settings = before.withBatchBytesMax(bytesMax);
        return !before.equals(settings);
    }

    /** Has a checkpoint of what is applied now taken soon. */
    @SuppressWarnings("FutureReturnValueIgnored") // the member tells of a failure itself
    void renewCheckpoint() {
        ReplicatedGroup member = group;
        if (member != null) {
            member.checkpoint();
        }
    }

    @Override
    public PartitionId id() {
        return id;
    }

    @Override
    public int incarnation() {
        return incarnation;
    }

    /** The Raft group it belongs to. */
    GroupId groupId() {
        return groupId;
    }

    @Override
    public PartitionSettings settings() {
        return settings;
    }

    @Override
    public Leadership leadership() {
        ReplicatedGroup member = group;
        Leadership newest = member == null ? lastLeadership : member.leadership();
        return failure == null
                ? newest
                : new Leadership(Leadership.Role.STOPPED, newest.term(), Optional.empty(), false);
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public long logStartOffset() {
        return logStartOffset;
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    @Override
    public Optional<LeaderEpochs.EpochEnd> endOfEpoch(int leaderEpoch) {
        return leaderEpoch > leadership().term() ? Optional.empty() : epochs.endOf(leaderEpoch, highWatermark);
    }

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public CompletableFuture<AppendResult> append(ByteBuffer batch) {
        Optional<LogException> refusal = refusalOf(batch);
        return refusal.isPresent() ? CompletableFuture.failedFuture(refusal.get()) : coalescer.append(batch);
    }

    /** Why this replica takes no proposals now. */
    private Optional<LogException> refusal() {
        if (failure != null) {
            return Optional.of(storageFailure());
        }
        Leadership now = leadership();
        if (!now.isLeader()) {
            return Optional.of(notLeader(now));
        }
        return now.ready()
                ? Optional.empty()
                : Optional.of(new Refused(
                        ErrorCode.LEADER_NOT_READY,
                        "leader of partition " + id + " is still applying its log; try again"));
    }

    private Optional<LogException> refusalOf(ByteBuffer batch) {
        Optional<LogException> refusal = refusal();
        if (refusal.isPresent()) {
            return refusal;
        }
        if (batch.remaining() > settings.batchBytesMax()) {
            return Optional.of(new Refused(
                    ErrorCode.RECORD_TOO_LARGE,
                    "batch of " + batch.remaining() + " bytes is larger than max.message.bytes "
                            + settings.batchBytesMax(),
                    Map.of("batch_bytes", Integer.toString(batch.remaining()))));
        }
        try {
            // The last place where a damaged batch can be refused: in the log it would stop every replica.
            RecordBatch whole = RecordBatch.at(batch, batch.position());
            whole.checkCrc();
            if (whole.sizeInBytes() != batch.remaining() || whole.lastOffsetDelta() < 0) {
                return Optional.of(new Refused(
                        ErrorCode.CORRUPT_BATCH,
                        batch.remaining() + " bytes are not one batch of " + whole.sizeInBytes() + " bytes"));
            }
            return Optional.empty();
        } catch (LogException refused) {
            return Optional.of(refused);
        }
    }

    private CompletableFuture<ByteBuffer> propose(List<ByteBuffer> batches) {
        return propose(AppendEntry.encode(id, clock.millis(), batches));
    }

    private CompletableFuture<ByteBuffer> propose(ByteBuffer entry) {
        ReplicatedGroup member = group;
        return member == null ? CompletableFuture.failedFuture(notLeader(lastLeadership)) : member.propose(entry);
    }

    @Override
    public CompletableFuture<Long> advanceLogStart(long offset) {
        Optional<LogException> refusal = refusal();
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        long end = highWatermark; // never above what will have been applied before the entry
        if (offset < 0 || offset > end) {
            return CompletableFuture.failedFuture(new OffsetOutOfRange(offset, logStartOffset, end));
        }
        CompletableFuture<Long> result = new CompletableFuture<>();
        CompletableFuture<Void> unused = propose(new AdvanceLogStart(id, clock.millis(), offset).encode())
                .handle((answer, proposalFailure) -> {
                    if (answer != null) {
                        result.complete(AdvanceLogStart.logStartOffsetIn(answer));
                    } else {
                        result.completeExceptionally(Coalescer.asLogException(proposalFailure));
                    }
                    return null;
                });
        return result;
    }

    private NotLeader notLeader(Leadership now) {
        Optional<Integer> leader = now.leader().map(PeerId::nodeId);
        return new NotLeader(
                "this broker does not lead partition " + id + "; leader of term " + now.term() + " is "
                        + leader.map(broker -> "broker " + broker).orElse("not known"),
                (int) now.term(),
                leader);
    }

    private Refused storageFailure() {
        Throwable cause = failure;
        return new Refused(
                ErrorCode.STORAGE_FAILURE,
                "replica of partition " + id + " on this broker "
                        + (cause == null ? "is not open" : "has failed: " + cause.getMessage()),
                Map.of(),
                cause);
    }

    @Override
    public FetchedBatches read(long offset, int maxBytes) {
        SegmentedLog open = openSegments();
        try {
            BatchSlice slice = open.read(offset, maxBytes);
            long end = Math.max(open.end().endOffset(), slice.nextOffset());
            return new FetchedBatches(slice.bytes(), slice.nextOffset(), end, open.startOffset());
        } catch (IOException failed) {
            throw readFailed(open, failed);
        }
    }

    @Override
    public Optional<TimestampedOffset> firstAtOrAfter(long timestampMillis) {
        SegmentedLog open = openSegments();
        try {
            return open.firstAtOrAfter(timestampMillis)
                    .map(found -> new TimestampedOffset(found.offset(), found.timestampMillis()));
        } catch (IOException failed) {
            throw readFailed(open, failed);
        }
    }

    @Override
    public OptionalLong batchTimestamp(long offset) {
        SegmentedLog open = openSegments();
        try {
            return open.batchTimestamp(offset);
        } catch (IOException failed) {
            throw readFailed(open, failed);
        }
    }

    /**
     * Where the log should begin by its settings.
     *
     * @param nowMillis milliseconds since the epoch
     */
    long retainedFrom(RetentionSettings keep, long nowMillis) {
        SegmentedLog open = openSegments();
        try {
            while (true) { // one segment's time more is known each time
                List<SegmentDescription> oldestFirst = open.segments();
                long from = Retention.logStart(oldestFirst, nowMillis, keep);
                Optional<SegmentDescription> inDoubt = oldestFirst.stream()
                        .limit(oldestFirst.size() - 1L)
                        .filter(segment -> segment.baseOffset() == from)
                        .filter(segment -> segment.maxTimestamp().isEmpty())
                        .findFirst();
                if (inDoubt.isEmpty() || keep.retentionMillis() == RetentionSettings.UNLIMITED) {
                    return from;
                }
                open.learnMaxTimestamp(from);
            }
        } catch (IOException failed) {
            throw readFailed(open, failed);
        }
    }

    /** The segments that are written no more; none while the replica is not open. */
    List<SegmentDescription> closedSegments() {
        SegmentedLog open = segments;
        if (open == null || failure != null) {
            return List.of();
        }
        List<SegmentDescription> all = open.segments();
        return all.subList(0, all.size() - 1);
    }

    ReplicaStatistics statistics() {
        SegmentedLog open = segments;
        List<SegmentDescription> files = open == null ? List.of() : open.segments();
        return new ReplicaStatistics(
                id,
                leadership(),
                Optional.ofNullable(failure),
                logStartOffset,
                highWatermark,
                files.stream().mapToLong(SegmentDescription::bytes).sum(),
                files.size(),
                coalescer.pendingBytes(),
                Optional.ofNullable(group).flatMap(ReplicatedGroup::progress));
    }

    private SegmentedLog openSegments() {
        SegmentedLog open = segments;
        if (open == null || failure != null) {
            throw storageFailure();
        }
        return open;
    }

    private Refused readFailed(SegmentedLog readFrom, IOException cause) {
        if (segments == readFrom) { // else it was closed meanwhile, which is no fault
            failed(cause);
        }
        return storageFailure();
    }

    @Override
    public CompletableFuture<Void> readBarrier() {
        ReplicatedGroup member = group;
        if (failure != null) {
            return CompletableFuture.failedFuture(storageFailure());
        }
        return member == null ? CompletableFuture.failedFuture(notLeader(lastLeadership)) : member.readBarrier();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PeerId target) {
        ReplicatedGroup member = group;
        return member == null
                ? CompletableFuture.failedFuture(notLeader(lastLeadership))
                : member.transferLeadership(target);
    }

    @Override
    public Optional<List<Peer>> voters() {
        ReplicatedGroup member = group;
        return member == null ? Optional.empty() : member.committedPeers();
    }

    @Override
    public Set<PeerId> followersInStep() {
        ReplicatedGroup member = group;
        return member == null ? Set.of() : member.followersInStep();
    }

    @Override
    public CompletableFuture<Void> changeVoters(List<Peer> expected, List<Peer> wanted) {
        ReplicatedGroup member = group;
        return member == null
                ? CompletableFuture.failedFuture(notLeader(lastLeadership))
                : member.changePeers(expected, wanted);
    }

    /** Known by identity, so that one listener registered twice is closed once for each. */
    private final class Registration implements Listening {
        private final Runnable listener;

        Registration(Runnable listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }

    @Override
    public Listening listen(Runnable listener) {
        Registration registration = new Registration(listener);
        listeners.add(registration);
        return registration;
    }

    void notifyListeners() {
        for (Registration registration : listeners) {
            try {
                registration.listener.run();
            } catch (RuntimeException bug) { // a listener's bug must not stop the replica
                log.error("listener failed partition={}", id, bug);
            }
        }
    }

    @Override
    public void opened(SegmentedLog opened, LogPosition position) {
        segments = opened;
        logStartOffset = opened.startOffset();
        highWatermark = opened.end().endOffset();
        appliedIndex = position.index();
        log.info("opened replica partition={} highWatermark={} appliedIndex={}", id, highWatermark, appliedIndex);
        notifyListeners();
    }

    @Override
    public void epochs(LeaderEpochs newest) {
        epochs = newest;
    }

    @Override
    public void advanced(LogPosition position) {
        SegmentedLog open = segments;
        if (open != null) {
            logStartOffset = open.startOffset();
            highWatermark = open.end().endOffset();
        }
        appliedIndex = position.index();
        notifyListeners();
    }

    @Override
    public void leadershipChanged(Leadership leadership) {
        Leadership before = lastLeadership;
        lastLeadership = leadership;
        if (leadership.isLeader() != before.isLeader()) {
            log.info(
                    "{} partition={} term={}",
                    leadership.isLeader() ? "became leader" : "lost leadership",
                    id,
                    leadership.term());
        }
        if (!leadership.isLeader()) {
            coalescer.failWaiting(notLeader(leadership));
        }
        notifyListeners();
    }

    @Override
    public void failed(Throwable cause) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = cause;
        }
        listed = true;
        log.error("replica failed partition={}", id, cause);
        ReplicatedGroup member = group;
        if (member != null) {
            member.stop(cause); // else it would go on voting until the next entry
        }
        coalescer.failWaiting(storageFailure());
        notifyListeners();
    }

    @Override
    public boolean hasFailed() {
        return failure != null;
    }

    /** From now on its state is closed as the end of the process would leave it. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public void closed() {
        segments = null;
        coalescer.failWaiting(storageFailure());
        notifyListeners();
    }
}
