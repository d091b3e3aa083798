package io.flotilla.broker.grpc;

import io.flotilla.broker.replica.PartitionName;
import io.flotilla.raftlog.partition.Partition;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/** A partition that a read stream reads, and whether it stands in the queue of those that may have records. */
final class AssignedPartition implements AutoCloseable {
    private final PartitionName name;
    private final long assignmentId;
    private final Partition partition;
    private final AtomicBoolean queued = new AtomicBoolean();
    private final Queue<AssignedPartition> candidates;
    private final Partition.Listening listening;
    private volatile boolean closed;

    // Confined to the session's task.
    private long nextOffset;

    /**
     * @param candidates where the partition puts itself whenever something changed
     * @param wake       called after that
     */
    AssignedPartition(
            PartitionName name,
            long assignmentId,
            long offset,
            Partition partition,
            Queue<AssignedPartition> candidates,
            Runnable wake) {
        this.name = name;
        this.assignmentId = assignmentId;
        this.nextOffset = offset;
        this.partition = partition;
        this.candidates = candidates;
        this.listening = partition.listen(() -> {
            enqueue();
            wake.run();
        });
    }

    /** Puts it at the end of the queue, unless it stands there already: the queue holds each partition once. */
    void enqueue() {
        if (!closed && queued.compareAndSet(false, true)) {
            candidates.add(this);
        }
    }

    /** It left the queue: changes from now on put it there again. */
    void dequeued() {
        queued.set(false);
    }

    boolean isClosed() {
        return closed;
    }

    PartitionName name() {
        return name;
    }

    long assignmentId() {
        return assignmentId;
    }

    Partition partition() {
        return partition;
    }

    long nextOffset() {
        return nextOffset;
    }

    void readOnFrom(long offset) {
        nextOffset = offset;
    }

    @Override
    public void close() {
        closed = true;
        listening.close();
    }
}
