package io.flotilla.chaos.sim;

import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.traffic.Envelope;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.FetchedBatches;
import io.flotilla.raftlog.partition.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Reads here and there what replicas call committed, and asks leaders for read barriers.
 *
 * <p>Threading: confined to one thread, but for {@link #logOf}.
 */
final class SimReader {
    private static final int BYTES_MAX = 16 * 1024;
    private static final int PAUSE_MICROS_MAX = 4_000;
    private static final int BARRIER_MILLIS_MAX = 500;

    private final SimPlan plan;
    private final SimCluster cluster;
    private final SimHistory history;
    private final SplittableRandom random;

    SimReader(SimPlan plan, SimCluster cluster, SimHistory history) {
        this.plan = plan;
        this.cluster = cluster;
        this.history = history;
        this.random = new SplittableRandom(plan.seed() * 37);
    }

    /** Reads until it is told to end. */
    void run(BooleanSupplier ended) {
        while (!ended.getAsBoolean()) {
            SimNode node = cluster.node(random.nextInt(1, plan.nodes() + 1));
            try {
                if (random.nextInt(3) == 0) {
                    barrier(node);
                } else {
                    read(node);
                }
            } catch (LogException | CompletionException refused) {
                // It does not lead, has failed, or has trimmed what was asked for: nothing was read.
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(PAUSE_MICROS_MAX));
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(PAUSE_MICROS_MAX)));
        }
    }

    private void barrier(SimNode node) {
        Optional<Partition> replica =
                node.replica().filter(found -> found.leadership().ready());
        if (replica.isPresent()) {
            long floor = history.floor();
            replica.get()
                    .readBarrier()
                    .orTimeout(BARRIER_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .join();
            history.barrierPassed(node.number(), floor, replica.get().highWatermark());
        }
    }

    private void read(SimNode node) {
        boolean unused = node.look(replica -> {
                    long start = replica.logStartOffset();
                    long end = replica.highWatermark();
                    if (end <= start) {
                        return false;
                    }
                    FetchedBatches fetched = replica.read(random.nextLong(start, end), BYTES_MAX);
                    for (RecordBatch batch : RecordBatch.in(fetched.batches())) {
                        for (LogRecord found : batch.records()) {
                            history.read(node.number(), found.offset(), valueOf(found));
                        }
                    }
                    return true;
                })
                .isPresent();
    }

    private ValueId valueOf(LogRecord found) {
        byte[] value = found.value();
        return value == null ? ValueId.UNRECOGNISED : Envelope.idOf(plan.seed(), value);
    }

    /**
     * All that a node has.
     *
     * @param gap told of an offset where another was expected
     */
    SimJudge.NodeLog logOf(SimNode node, LongConsumer gap) {
        return node.look(replica -> {
                    long start = replica.logStartOffset();
                    List<ValueId> values = new ArrayList<>();
                    long next = start;
                    while (next < replica.highWatermark()) {
                        FetchedBatches fetched = replica.read(next, BYTES_MAX);
                        for (RecordBatch batch : RecordBatch.in(fetched.batches())) {
                            for (LogRecord found : batch.records()) {
                                if (found.offset() >= start) { // a batch that was cut through by a trim comes whole
                                    if (found.offset() != start + values.size()) {
                                        gap.accept(found.offset());
                                    }
                                    values.add(valueOf(found));
                                }
                            }
                        }
                        next = fetched.nextOffset();
                    }
                    return new SimJudge.NodeLog(node.number(), start, values);
                })
                .orElseThrow(() -> new IllegalStateException("node " + node.number() + " does not run"));
    }
}
