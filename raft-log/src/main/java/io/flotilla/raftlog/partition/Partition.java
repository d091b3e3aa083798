package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * This broker's replica of one partition.
 *
 * <p>Threading: every method may be called by any thread; listeners run on the replica's apply thread or on a Raft
 * thread and must be quick.
 */
public interface Partition {
    PartitionId id();

    /** Which of the partition's Raft groups this replica belongs to: 0 for the first, see {@link PartitionId#groupId}. */
    default int incarnation() {
        return 0;
    }

    PartitionSettings settings();

    Leadership leadership();

    /** Why this replica serves no more, once it failed; its leadership is STOPPED then. */
    default Optional<Throwable> failure() {
        return Optional.empty();
    }

    /** First offset still readable. */
    long logStartOffset();

    /** First offset not yet committed, as far as this replica has applied the log. */
    long highWatermark();

    /**
     * Up to where the records of a leader epoch stand here, by which a reader that read under it finds out whether it has
     * read what is not in this log.
     *
     * @return the newest epoch at or below the one asked for, and its end; the epoch asked for and the log's start if all
     *     records are of later ones; empty for an epoch above this replica's own term, and for a log without records
     */
    Optional<LeaderEpochs.EpochEnd> endOfEpoch(int leaderEpoch);

    /** Raft index of the last entry applied, -1 before the first. */
    long appliedIndex();

    /**
     * Appends one validated record batch. Batches given by one thread keep their order while this replica leads.
     *
     * <p>The future fails with {@code NotLeader} or with a {@code Refused} of code LEADER_NOT_READY, OVERLOADED,
     * OUT_OF_ORDER_SEQUENCE, PRODUCER_FENCED, UNKNOWN_PRODUCER, RECORD_TOO_LARGE, TIMEOUT (outcome unknown) or
     * STORAGE_FAILURE.
     *
     * @param batch one RecordBatch v2, checked by {@code BatchValidator}; must not change until the future completes
     */
    CompletableFuture<AppendResult> append(ByteBuffer batch);

    /**
     * Drops all records before an offset, on every replica; their files follow in the background.
     *
     * <p>The future fails with {@code NotLeader}, with {@code OffsetOutOfRange} if the offset is negative or above the
     * high watermark, or with a {@code Refused} of code LEADER_NOT_READY, OVERLOADED, TIMEOUT (outcome unknown; the
     * call may be repeated) or STORAGE_FAILURE.
     *
     * @param offset first record to keep; at or before the log start offset it changes nothing
     * @return the log start offset that holds from then on
     */
    CompletableFuture<Long> advanceLogStart(long offset);

    /**
     * Reads whole batches, beginning with the one that holds {@code offset}.
     *
     * @param offset   from the log start offset to the high watermark inclusive; there the result is empty
     * @param maxBytes soft limit in bytes, at least 1; the first batch comes even if larger, so that a consumer facing
     *     an oversized batch still makes progress
     * @throws io.flotilla.protocol.error.OffsetOutOfRange if {@code offset} lies outside that range
     * @throws io.flotilla.protocol.error.Refused with STORAGE_FAILURE if the replica has failed
     */
    FetchedBatches read(long offset, int maxBytes);

    /** Finds the first committed record whose timestamp is the given one or later. */
    Optional<TimestampedOffset> firstAtOrAfter(long timestampMillis);

    /**
     * Timestamp of the batch that holds an offset, which is its first record's; of the log's first batch for an offset
     * before the log start offset. Costs one short read, whatever the batch holds.
     *
     * @return milliseconds since the epoch, -1 if its producer set none; empty at the high watermark and above
     * @throws io.flotilla.protocol.error.Refused with STORAGE_FAILURE if the replica has failed
     */
    OptionalLong batchTimestamp(long offset);

    /** Completes once this replica, as leader, has applied all that was committed anywhere before the call. */
    CompletableFuture<Void> readBarrier();

    /** Hands leadership to another replica; fails with a retriable error if that one does not take it. */
    CompletableFuture<Void> transferLeadership(PeerId target);

    /**
     * Voters of the partition's group, by a configuration that is committed; empty while there is none, and if this
     * replica does not lead.
     */
    Optional<List<Peer>> voters();

    /** Followers that could take over the leadership without a pause; none if this replica does not lead. */
    Set<PeerId> followersInStep();

    /**
     * Replaces the voters, as leader; fails with a retriable error if it does not lead, if {@code expected} are not the
     * voters any more, and while another change is under way.
     */
    CompletableFuture<Void> changeVoters(List<Peer> expected, List<Peer> wanted);

    /** Calls the listener after the high watermark moved or the leadership changed, until it is closed. */
    Listening listen(Runnable listener);

    /** A listener's registration; closing it twice does no harm. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
