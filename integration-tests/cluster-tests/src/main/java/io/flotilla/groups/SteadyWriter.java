package io.flotilla.groups;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.traffic.Pacer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to all partitions of a topic by turns, at a rate.
 *
 * <p>Threading: one thread starts and closes it; it writes on its own.
 */
final class SteadyWriter implements AutoCloseable {
    private static final int VALUE_BYTES = 64;

    private final Producer producer;
    private final String topic;
    private final int partitions;
    private final Pacer pacer;
    private final AtomicLong failed = new AtomicLong();
    private final Thread thread = new Thread(this::run, "writer");
    private volatile boolean stopping;

    private SteadyWriter(FlotillaClient client, String topic, int partitions, int perSecond) {
        this.producer = client.producer();
        this.topic = topic;
        this.partitions = partitions;
        this.pacer = new Pacer(perSecond);
    }

    static SteadyWriter start(FlotillaClient client, String topic, int partitions, int perSecond) {
        SteadyWriter writer = new SteadyWriter(client, topic, partitions, perSecond);
        writer.thread.start();
        return writer;
    }

    private void run() {
        for (int number = 0; !stopping; number++) {
            pacer.awaitNext();
            byte[] value = ByteBuffer.allocate(VALUE_BYTES).putInt(number).array();
            TopicPartition partition = new TopicPartition(topic, number % partitions);
            var unused = producer.send(ProducerRecord.of(partition, null, value))
                    .whenComplete((stored, failure) -> {
                        if (failure != null) {
                            failed.incrementAndGet();
                        }
                    });
        }
    }

    /** Records that were not acknowledged; final once it is closed. */
    long failed() {
        return failed.get();
    }

    /** Waits for what was sent. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the writer was ending", interruption);
        }
        producer.close();
    }
}
