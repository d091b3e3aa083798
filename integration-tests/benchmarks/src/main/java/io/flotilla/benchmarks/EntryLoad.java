package io.flotilla.benchmarks;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.protocol.record.Compression;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Batches of one record each, to one topic of one cluster, and what they cost its brokers. */
final class EntryLoad implements AutoCloseable {
    /** What a batch adds to its only record. */
    private static final int BATCH_EXTRA_BYTES = 128;

    /** So that a turn ends when its time does: what waits in the client's buffer has to be sent before the next one. */
    private static final int IN_FLIGHT_BYTES = 16 << 20;

    private static final int IN_FLIGHT_BATCHES = 512;
    private static final int IN_FLIGHT_BATCHES_PER_PARTITION = 2;

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final BenchmarkCluster cluster;
    private final String topic;
    private final Producer producer;
    private final byte[] value;
    private final Semaphore room;
    private final LongAdder acknowledged = new LongAdder();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * What a time of full load came to.
     *
     * @param bytes   acknowledged, without what surrounds them
     * @param entries of the Raft logs: a leader gathers batches that wait, so one entry may hold many
     * @param work    of all brokers
     */
    record Measured(Duration time, long bytes, long entries, BrokerWork work) {
        private static final double MEGABYTE = 1e6;

        double megabytesPerSecond() {
            return bytes / MEGABYTE / (time.toNanos() / 1e9);
        }

        double cpuMicrosPerEntry() {
            return work.cpuMillis() * 1e3 / Math.max(1, entries);
        }

        double cpuMillisPerMegabyte() {
            return work.cpuMillis() / Math.max(1, bytes / MEGABYTE);
        }

        double switchesPerEntry() {
            return (double) work.contextSwitches() / Math.max(1, entries);
        }
    }

    /** @param batchBytes 1 KiB to 1 MiB */
    EntryLoad(BenchmarkCluster cluster, int partitions, int batchBytes) {
        this.cluster = cluster;
        this.topic = cluster.newTopic(partitions);
        this.producer = cluster.client()
                .producer(ProducerSettings.DEFAULT
                        .withCompression(Compression.NONE)
                        .withLinger(Duration.ZERO)
                        .withBatchBytes(batchBytes));
        this.value = Payload.ofBytes(batchBytes - BATCH_EXTRA_BYTES);
        this.room = new Semaphore(Math.max(
                IN_FLIGHT_BATCHES_PER_PARTITION * partitions,
                Math.min(IN_FLIGHT_BATCHES, IN_FLIGHT_BYTES / batchBytes)));
    }

    /** As fast as the cluster takes them, a bounded number in flight. The buffer begins empty. */
    Measured run(Duration time) throws IOException {
        long acknowledgedBefore = acknowledged.sum();
        long entriesBefore = entries();
        BrokerWork before = BrokerWork.of(cluster.processes());
        long startNanos = System.nanoTime();
        long nowNanos = startNanos;
        while (nowNanos - startNanos < time.toNanos()) {
            room.acquireUninterruptibly();
            var unused = producer.send(ProducerRecord.of(topic, null, value)).whenComplete((metadata, failed) -> {
                room.release();
                if (failed == null) {
                    acknowledged.increment();
                } else {
                    failure.set(failed);
                }
            });
            nowNanos = System.nanoTime();
        }
        BrokerWork work = BrokerWork.of(cluster.processes()).since(before);
        long bytes = (acknowledged.sum() - acknowledgedBefore) * value.length;
        requireNoFailure();
        return new Measured(Duration.ofNanos(nowNanos - startNanos), bytes, entries() - entriesBefore, work);
    }

    /** Waits until all is answered: the other cluster's turn shall not be disturbed. */
    void flush() {
        producer.flush();
    }

    /** One after the other. */
    Histogram oneAtATime(Duration time) {
        var nanos = new Histogram(LONGEST_NANOS, DIGITS);
        producer.flush();
        long deadlineNanos = System.nanoTime() + time.toNanos();
        long sentNanos = System.nanoTime();
        while (sentNanos - deadlineNanos < 0) {
            producer.send(ProducerRecord.of(topic, null, value)).join();
            long ackedNanos = System.nanoTime();
            nanos.recordValue(Math.min(ackedNanos - sentNanos, LONGEST_NANOS));
            sentNanos = ackedNanos;
        }
        return nanos;
    }

    private void requireNoFailure() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a record failed", failed);
        }
    }

    /** Applied by the topic's leaders so far. */
    private long entries() {
        ProcessCluster processes = cluster.processes();
        return processes.brokerIds().stream()
                .flatMap(
                        id -> cluster
                                .client()
                                .admin()
                                .describeBroker(BrokerAddress.parse(processes.address(id)))
                                .replicas()
                                .stream())
                .filter(replica -> replica.role() == ReplicaRole.LEADER
                        && replica.partition().topic().equals(topic))
                .mapToLong(ReplicaDescription::appliedIndex)
                .sum();
    }

    @Override
    public void close() {
        producer.close();
        cluster.deleteTopic(topic);
    }
}
