package io.flotilla.bitrot;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to all partitions in turn, whatever happens to the cluster, and takes note of what was acknowledged. A record that
 * is not taken is a violation.
 *
 * <p>Threading: one thread of its own; every method may be called by any other.
 */
final class Writer implements AutoCloseable {
    private static final int RECORDS_PER_SECOND = 100;
    /** Well below a segment. */
    private static final int BATCH_BYTES = 16 << 10;

    private static final Duration PROGRESS_TIMEOUT = Duration.ofSeconds(60);

    private final String topic;
    private final int partitions;
    private final Ledger ledger;
    private final Producer producer;
    private final AtomicLong number = new AtomicLong();
    private final AtomicIntegerArray acknowledged;
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "bit-rot-writer");
    private volatile boolean closed;

    Writer(FlotillaClient client, String topic, int partitions, Ledger ledger) {
        this.topic = topic;
        this.partitions = partitions;
        this.ledger = ledger;
        this.producer = client.producer(ProducerSettings.DEFAULT.withBatchBytes(BATCH_BYTES));
        this.acknowledged = new AtomicIntegerArray(partitions);
    }

    /** Begins to write, until it is closed. */
    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        for (int turn = 0; !closed; turn++) {
            send(turn % partitions);
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() / RECORDS_PER_SECOND);
        }
    }

    private void send(int partition) {
        long own = number.getAndIncrement();
        // The stage that whenComplete returns carries the same failure, which is noted already.
        var unused = producer.send(ProducerRecord.of(new TopicPartition(topic, partition), null, ledger.value(own)))
                .whenComplete((stored, failure) -> {
                    if (failure == null) {
                        ledger.note(partition, stored.offset(), own);
                        acknowledged.incrementAndGet(partition);
                    } else if (!closed) {
                        failures.add("a record for partition " + partition + " was not taken: " + failure);
                    }
                });
    }

    /** Sends so many records to one partition at once, on top. */
    void send(int partition, int count) {
        for (int i = 0; i < count; i++) {
            send(partition);
        }
    }

    /** Waits for all that was sent. */
    void flush() {
        producer.flush();
    }

    /**
     * Waits until each partition has acknowledged one more record.
     *
     * @return which one has not in time; empty if all have
     */
    Optional<String> awaitProgress() {
        int[] before = new int[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            before[partition] = acknowledged.get(partition);
        }
        try {
            for (int partition = 0; partition < partitions; partition++) {
                int own = partition;
                Awaiting.until(
                        PROGRESS_TIMEOUT,
                        "an acknowledgement in partition " + own,
                        // Two: the first one may have been given before.
                        () -> acknowledged.get(own) >= before[own] + 2,
                        () -> acknowledged.get(own) - before[own] + " came");
            }
            return Optional.empty();
        } catch (IllegalStateException none) {
            return Optional.of("not writable: " + none.getMessage());
        }
    }

    /** A record that was not taken since the last call, if there is one. */
    Optional<String> failure() {
        return Optional.ofNullable(failures.poll());
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
