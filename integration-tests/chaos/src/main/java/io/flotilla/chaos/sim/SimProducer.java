package io.flotilla.chaos.sim;

import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.traffic.Envelope;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.Partition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sends batches of one to four values, one batch after the other, through whoever it takes for the leader. With producer
 * ids it sends a batch until it is acknowledged; without, once.
 *
 * <p>Threading: confined to one thread.
 */
final class SimProducer {
    private static final int BATCH_BYTES_MAX = 16 * 1024;
    private static final int VALUES_MAX = 4;
    private static final int PAYLOAD_BYTES_MAX = 3_000;
    private static final int PAUSE_MICROS_MAX = 6_000;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

    /** A partition that remembers the producer never says so to one that sends in order. */
    private static final Set<ErrorCode> FORGOTTEN =
            Set.of(ErrorCode.OUT_OF_ORDER_SEQUENCE, ErrorCode.UNKNOWN_PRODUCER, ErrorCode.PRODUCER_FENCED);

    private final int number;
    private final boolean idempotent;
    private final SimPlan plan;
    private final SimCluster cluster;
    private final SimHistory history;
    private final SplittableRandom random;
    private long nextSequence;

    SimProducer(int number, boolean idempotent, SimPlan plan, SimCluster cluster, SimHistory history) {
        this.number = number;
        this.idempotent = idempotent;
        this.plan = plan;
        this.cluster = cluster;
        this.history = history;
        this.random = new SplittableRandom(plan.seed() * 31 + number);
    }

    /** Sends until it is told to end. */
    void run(BooleanSupplier ended) {
        while (!ended.getAsBoolean()) {
            boolean unused = send(ended);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(PAUSE_MICROS_MAX)));
        }
    }

    /** @return whether one batch is acknowledged */
    boolean send(BooleanSupplier ended) {
        int count = random.nextInt(1, VALUES_MAX + 1);
        long first = nextSequence;
        nextSequence += count;
        ByteBuffer batch = batchOf(first, count);
        long floor = history.sending(number, first + count - 1);
        do {
            Optional<AppendResult> result = attempt(batch.duplicate());
            if (result.isPresent()) {
                history.acknowledged(number, first, count, result.get(), floor);
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(PAUSE_MICROS_MAX)));
        } while (idempotent && !ended.getAsBoolean());
        return false;
    }

    private ByteBuffer batchOf(long first, int count) {
        BatchBuilder batch = new BatchBuilder(Compression.NONE, BATCH_BYTES_MAX);
        boolean large = random.nextInt(4) == 0;
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[large ? random.nextInt(PAYLOAD_BYTES_MAX) : 0];
            byte[] value = Envelope.of(plan.seed(), new ValueId(number, first + i), payload);
            if (!batch.tryAppend(System.currentTimeMillis(), null, value, List.of())) {
                throw new IllegalStateException(count + " values do not fit in " + BATCH_BYTES_MAX + " bytes");
            }
        }
        return idempotent ? batch.build(number, (short) 0, Math.toIntExact(first)) : batch.build(-1, (short) -1, -1);
    }

    private Optional<AppendResult> attempt(ByteBuffer batch) {
        SimNode node = target();
        Optional<Partition> partition = node.replica();
        if (partition.isEmpty()) {
            return Optional.empty();
        }
        try {
            AppendResult result = partition
                    .get()
                    .append(batch)
                    .orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (!result.duplicate()) {
                history.led(node.number(), result.leaderEpoch());
            }
            return Optional.of(result);
        } catch (CompletionException failure) {
            if (idempotent
                    && failure.getCause() instanceof LogException refused
                    && FORGOTTEN.contains(refused.code())) {
                history.violated("producer " + number + " was told by node " + node.number() + ": " + refused);
            }
            return Optional.empty();
        }
    }

    /** Whoever leads by its own words, mostly the newest: what a deposed one takes must not come back. */
    private SimNode target() {
        List<SimNode> leaders = cluster.leaders();
        if (leaders.isEmpty()) {
            return cluster.node(random.nextInt(1, plan.nodes() + 1));
        }
        return leaders.get(random.nextInt(4) == 0 ? random.nextInt(leaders.size()) : 0);
    }
}
