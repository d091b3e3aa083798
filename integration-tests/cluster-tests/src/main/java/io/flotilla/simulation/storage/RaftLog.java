package io.flotilla.simulation.storage;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.SteppedStorage;
import io.flotilla.raftlog.raft.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The committed entries of a replica's Raft group, and what the replica must hold behind each. */
final class RaftLog {
    private final PartitionId partition;
    private final ReferenceLog reference;
    private final ReferenceLog.State empty;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, ByteBuffer> answers = new HashMap<>();

    RaftLog(PartitionId partition, int segmentBytesMax) {
        this.partition = partition;
        this.reference = new ReferenceLog(segmentBytesMax);
        this.empty = reference.state();
    }

    /**
     * A committed entry.
     *
     * @param data  null for an entry of the group itself
     * @param after what a replica holds that has applied it
     */
    record Entry(LogPosition position, @Nullable ByteBuffer data, ReferenceLog.State after) {}

    /** Index of the last entry, -1 if there is none. */
    long lastIndex() {
        return entries.size() - 1L;
    }

    Entry entry(long index) {
        return entries.get((int) index);
    }

    Entry commit(long term, long millis, List<ByteBuffer> batches) {
        for (ByteBuffer batch : batches) {
            reference.apply(RecordBatch.at(batch, 0), Math.toIntExact(term), millis);
        }
        return add(term, SteppedStorage.appendEntry(partition, millis, batches));
    }

    /** Commits an entry that drops the records before an offset. */
    Entry commitLogStart(long term, long millis, long offset) {
        reference.advanceStart(offset);
        return add(term, SteppedStorage.advanceLogStartEntry(partition, millis, offset));
    }

    /** Commits an entry of the group itself. */
    Entry commit(long term) {
        return add(term, null);
    }

    private Entry add(long term, @Nullable ByteBuffer data) {
        Entry entry = new Entry(
                new LogPosition(term, entries.size()),
                data == null ? null : data.asReadOnlyBuffer(),
                reference.state());
        entries.add(entry);
        return entry;
    }

    /** What a replica must hold that has applied the entries up to this index, -1 for none. */
    ReferenceLog.State stateAt(long index) {
        return index < 0 ? empty : entry(index).after();
    }

    LogPosition positionAt(long index) {
        return index < 0 ? LogPosition.NONE : entry(index).position();
    }

    ReferenceLog reference() {
        return reference;
    }

    /**
     * @throws Violation if the entry was answered otherwise before
     */
    void answered(long index, ByteBuffer answer) {
        ByteBuffer before = answers.putIfAbsent(index, answer);
        if (before != null && !before.equals(answer)) {
            throw new Violation("entry " + index + " was answered otherwise when it was applied again");
        }
    }
}
