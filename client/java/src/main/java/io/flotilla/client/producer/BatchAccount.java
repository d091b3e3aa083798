package io.flotilla.client.producer;

import io.flotilla.client.metrics.ClientMetrics;
import io.flotilla.client.metrics.ProducerMetrics;
import io.flotilla.client.metrics.ProducerState;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A producer's account of its batches: which are not settled, what room they take, how many are on their way.
 *
 * <p>Threading: safe.
 */
final class BatchAccount implements BatchEvents, ProducerState {
    private final BufferBudget budget;
    private final ProducerMetrics metrics;
    private final Set<PendingBatch> unsettled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inFlight = new AtomicInteger();

    BatchAccount(BufferBudget budget, ClientMetrics metrics) {
        this.budget = budget;
        this.metrics = metrics.producer(this);
    }

    /** A batch with its first record. */
    void begun(PendingBatch batch) {
        unsettled.add(batch);
    }

    /** Batches that are begun and not settled; changes while it is read. */
    Set<PendingBatch> unsettled() {
        return unsettled;
    }

    ProducerMetrics metrics() {
        return metrics;
    }

    @Override
    public void sending(PendingBatch batch, int bytes) {
        if (batch.sending(System.nanoTime())) {
            inFlight.incrementAndGet();
            metrics.batchSent(batch.recordCount(), bytes);
        } else {
            metrics.batchSentAgain();
        }
    }

    @Override
    public void acknowledged(PendingBatch batch) {
        settle(batch);
        metrics.acknowledged(batch.recordCount(), System.nanoTime() - batch.sentNanos());
    }

    @Override
    public void failed(PendingBatch batch) {
        settle(batch);
        metrics.failed(batch.recordCount());
    }

    private void settle(PendingBatch batch) {
        unsettled.remove(batch);
        budget.giveBack(batch.budgetBytes());
        if (batch.wasSent()) {
            inFlight.decrementAndGet();
        }
    }

    @Override
    public long bufferBytesUsed() {
        return budget.bytesTaken();
    }

    @Override
    public long bufferBytesMax() {
        return budget.bytesMax();
    }

    @Override
    public int batchesInFlight() {
        return inFlight.get();
    }
}
