package io.flotilla.raftlog.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which batches go together into a partition's next entry. While few entries are in flight each batch goes at
 * once; when there are as many as may be, those that arrive are gathered. Order is kept.
 *
 * <p>Threading: none; the owner's lock.
 */
final class EntryQueue<T> {
    private final int entryBytesMax;
    private final int entryBatchesMax;
    private final int inFlightMax;
    private final int pendingBytesMax;
    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private int inFlight;
    private long pendingBytes;

    /**
     * @param entryBytesMax   bytes of batches, each with its overhead, that fit into an entry
     * @param entryBatchesMax batches in an entry
     * @param inFlightMax     entries taken and not answered
     * @param pendingBytesMax bytes offered and not answered, at least {@code entryBytesMax}
     */
    EntryQueue(int entryBytesMax, int entryBatchesMax, int inFlightMax, int pendingBytesMax) {
        this.entryBytesMax = entryBytesMax;
        this.entryBatchesMax = entryBatchesMax;
        this.inFlightMax = inFlightMax;
        this.pendingBytesMax = pendingBytesMax;
    }

    private record Waiting<T>(T batch, int bytes) {}

    /**
     * What goes into one entry.
     *
     * @param bytes to give back with {@link #answered}
     */
    record Gathered<T>(List<T> batches, int bytes) {}

    /**
     * Takes a batch in, or returns false if too many bytes are pending.
     *
     * @param bytes with its overhead, at most {@code entryBytesMax}
     */
    boolean offer(T batch, int bytes) {
        if (bytes > entryBytesMax) {
            throw new IllegalArgumentException("batch of " + bytes + " bytes, an entry holds " + entryBytesMax);
        }
        if (pendingBytes + bytes > pendingBytesMax) {
            return false;
        }
        pendingBytes += bytes;
        waiting.add(new Waiting<>(batch, bytes));
        return true;
    }

    /** The next entry, which is in flight from now on; empty if nothing waits or enough is in flight. */
    Optional<Gathered<T>> next() {
        if (waiting.isEmpty() || inFlight == inFlightMax) {
            return Optional.empty();
        }
        List<T> batches = new ArrayList<>();
        int bytes = 0;
        for (Waiting<T> first = waiting.peek();
                first != null && bytes + first.bytes() <= entryBytesMax && batches.size() < entryBatchesMax;
                first = waiting.peek()) {
            batches.add(first.batch());
            bytes += first.bytes();
            waiting.remove();
        }
        inFlight++;
        return Optional.of(new Gathered<>(batches, bytes));
    }

    /** An entry in flight was answered or failed. */
    void answered(Gathered<T> entry) {
        inFlight--;
        pendingBytes -= entry.bytes();
    }

    /** Gives up all that waits. */
    List<T> drain() {
        List<T> drained = new ArrayList<>(waiting.size());
        for (Waiting<T> given = waiting.poll(); given != null; given = waiting.poll()) {
            drained.add(given.batch());
            pendingBytes -= given.bytes();
        }
        return drained;
    }

    long pendingBytes() {
        return pendingBytes;
    }
}
