package io.flotilla.raftlog.partition.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the leader epochs of a log began, so that a client that read under one can find out up to where that still
 * holds. Immutable. An epoch without a record is not among them.
 *
 * @param starts oldest first, epochs and offsets rising; an epoch that began before the log's start begins there
 */
public record LeaderEpochs(List<EpochStart> starts) {
    public static final LeaderEpochs NONE = new LeaderEpochs(List.of());

    /** Epochs a partition remembers, the newest ones. Fixed, because replicas must agree. */
    public static final int EPOCHS_MAX = 4_096;

    public LeaderEpochs {
        starts = List.copyOf(starts);
    }

    /**
     * The newest epoch at or below the one asked for, and where its records end.
     *
     * @param epoch     of that one, or the one asked for if the log begins after it
     * @param endOffset one past its last record
     */
    public record EpochEnd(int epoch, long endOffset) {}

    /**
     * Finds the end of an epoch, as Kafka's OffsetForLeaderEpoch defines it: a reader that got beyond it under that
     * epoch has read what is not in this log.
     *
     * @param epoch        any; whether it is above the leader's own is the caller's to check
     * @param logEndOffset where the newest epoch ends
     * @return empty for a log without records
     */
    public Optional<EpochEnd> endOf(int epoch, long logEndOffset) {
        if (starts.isEmpty()) {
            return Optional.empty();
        }
        int above = 0;
        while (above < starts.size() && starts.get(above).epoch() <= epoch) {
            above++;
        }
        int found = above == 0 ? epoch : starts.get(above - 1).epoch();
        long end = above == starts.size() ? logEndOffset : starts.get(above).startOffset();
        return Optional.of(new EpochEnd(found, end));
    }

    /** Notes the epoch of a record; nothing changes unless it is above all before. */
    LeaderEpochs with(int epoch, long offset) {
        if (!starts.isEmpty() && starts.get(starts.size() - 1).epoch() >= epoch) {
            return this;
        }
        List<EpochStart> more = new ArrayList<>(starts.size() == EPOCHS_MAX ? starts.subList(1, EPOCHS_MAX) : starts);
        more.add(new EpochStart(epoch, offset));
        return new LeaderEpochs(more);
    }

    /** Forgets what lies before the log's start. */
    LeaderEpochs from(long logStartOffset) {
        int first = 0;
        while (first + 1 < starts.size() && starts.get(first + 1).startOffset() <= logStartOffset) {
            first++;
        }
        if (starts.isEmpty() || (first == 0 && starts.get(0).startOffset() >= logStartOffset)) {
            return this;
        }
        List<EpochStart> kept = new ArrayList<>(starts.subList(first, starts.size()));
        EpochStart oldest = kept.get(0);
        kept.set(0, new EpochStart(oldest.epoch(), Math.max(oldest.startOffset(), logStartOffset)));
        return new LeaderEpochs(kept);
    }
}
