package io.flotilla.benchmarks.failover;

import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.traffic.Envelope;
import io.flotilla.cluster.traffic.RecordedProducer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one partition, one record at a time: the next is sent {@link #PAUSE} after the answer to the one before, so
 * that while the partition has no leader a record is always pending.
 *
 * <p>Threading: safe; records are sent on the executor's thread and answered on the producer's.
 */
final class PartitionWriter {
    /** Keeps two processors from being busy with nothing but writes; below any time that is measured here. */
    static final Duration PAUSE = Duration.ofMillis(20);

    private static final int PAYLOAD_BYTES = 256;

    private final TopicPartition partition;
    private final long run;
    private final RecordedProducer producer;
    private final ScheduledExecutorService executor;
    private long sequence;
    private long acknowledged;
    private int epoch = -1;
    private boolean held = true;
    private boolean pending;
    private long lastAckedNanos;
    private @Nullable LeaderChange watched;

    PartitionWriter(TopicPartition partition, long run, RecordedProducer producer, ScheduledExecutorService executor) {
        this.partition = partition;
        this.run = run;
        this.producer = producer;
        this.executor = executor;
    }

    /** Begins, or goes on after {@link #hold}. */
    synchronized void go() {
        held = false;
        if (!pending) {
            pending = true;
            executor.execute(this::send);
        }
    }

    /** Sends nothing after the record that is pending now. */
    synchronized void hold() {
        held = true;
    }

    /** Whether it was held and no record is pending. */
    synchronized boolean isIdle() {
        return held && !pending;
    }

    /** Records acknowledged so far. */
    synchronized long acknowledged() {
        return acknowledged;
    }

    /**
     * From now on looks for the first acknowledgement of a leader that is newer than the last one it heard.
     *
     * @throws IllegalStateException if it has heard none
     */
    synchronized void watch() {
        if (acknowledged == 0) {
            throw new IllegalStateException("nothing of " + partition + " was acknowledged yet");
        }
        watched = new LeaderChange(epoch, lastAckedNanos);
    }

    /** What it saw; empty as long as that acknowledgement has not come. */
    synchronized Optional<LeaderChange.Seen> change() {
        return watched == null ? Optional.empty() : watched.seen();
    }

    private void send() {
        long own;
        synchronized (this) {
            if (held) {
                pending = false;
                return;
            }
            own = sequence++;
        }
        var id = new ValueId(partition.partition(), own);
        byte[] payload = ("value " + own + " of " + partition + " ")
                .repeat(PAYLOAD_BYTES)
                .substring(0, PAYLOAD_BYTES)
                .getBytes(StandardCharsets.US_ASCII);
        var unused = producer.send(id, ProducerRecord.of(partition, null, Envelope.of(run, id, payload)))
                .whenComplete(this::answered);
    }

    private void answered(@Nullable RecordMetadata stored, @Nullable Throwable failure) {
        long now = System.nanoTime();
        synchronized (this) {
            if (stored != null) {
                acknowledged++;
                epoch = Math.max(epoch, stored.leaderEpoch());
                lastAckedNanos = now;
                if (watched != null) {
                    watched.acknowledged(stored.leaderEpoch(), now);
                }
            }
        }
        if (!executor.isShutdown()) {
            var unused = executor.schedule(this::send, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
