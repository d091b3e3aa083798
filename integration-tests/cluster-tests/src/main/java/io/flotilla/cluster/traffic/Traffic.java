package io.flotilla.cluster.traffic;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.Read;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.history.Write;
import io.flotilla.protocol.record.Compression;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that write to a topic, each at its rate, and one that reads along. They go on whatever happens to the cluster,
 * until they are asked to finish.
 *
 * <p>Threading: one thread starts and finishes the traffic; each client has a thread of its own.
 */
public final class Traffic implements AutoCloseable {
    private static final List<Compression> CODECS = List.of(Compression.values());
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    /** One in so many values is drawn from the full range of sizes, the others from the lowest part of it. */
    private static final int LARGE_VALUE_EVERY = 50;

    private static final int SMALL_PAYLOAD_BYTES = 512;

    private final TrafficSettings settings;
    private final FlotillaClient client;
    private final long run;
    private final ExecutorService threads;
    private final List<Producer> producers = new ArrayList<>();
    private final List<RecordedProducer> recorded = new ArrayList<>();
    private final List<Future<?>> writing = new ArrayList<>();
    private final Future<List<Read>> watching;
    private volatile boolean stopWriting;
    private volatile boolean stopWatching;

    private Traffic(FlotillaClient client, TrafficSettings settings) {
        this.client = client;
        this.settings = settings;
        var random = new SplittableRandom(settings.seed());
        run = random.nextLong();
        threads = Executors.newFixedThreadPool(settings.producers() + 1);
        for (int number = 0; number < settings.producers(); number++) {
            Compression compression = CODECS.get(number % CODECS.size());
            Producer producer = client.producer(ProducerSettings.DEFAULT.withCompression(compression));
            var recording = new RecordedProducer(producer);
            producers.add(producer);
            recorded.add(recording);
            int producerNumber = number;
            SplittableRandom own = random.split();
            writing.add(threads.submit(() -> write(recording, producerNumber, own)));
        }
        watching = threads.submit(this::watch);
    }

    /** Starts writing and reading. The caller owns the traffic; the client stays the caller's. */
    public static Traffic start(FlotillaClient client, TrafficSettings settings) {
        return new Traffic(client, settings);
    }

    /** Values acknowledged so far. */
    public long acknowledged() {
        return recorded.stream().mapToLong(RecordedProducer::acknowledged).sum();
    }

    /**
     * Waits until so many further values are acknowledged: proof that the cluster serves.
     *
     * @throws IllegalStateException if that takes longer than {@code timeout}
     */
    public void awaitAcknowledged(long more, Duration timeout) {
        long goal = acknowledged() + more;
        Awaiting.until(
                timeout,
                goal + " acknowledged values",
                () -> acknowledged() >= goal,
                () -> acknowledged() + " of " + sent() + " sent");
    }

    private long sent() {
        return recorded.stream().mapToLong(RecordedProducer::sent).sum();
    }

    /**
     * Stops writing, waits for all answers, and reads everything back. The cluster must serve by then.
     *
     * @throws IllegalStateException if a client failed in a way no fault excuses
     */
    public History finish() {
        stopWriting = true;
        writing.forEach(Traffic::resultOf);
        List<Write> writes = new ArrayList<>();
        recorded.forEach(producer -> writes.addAll(producer.finish()));
        stopWatching = true;
        List<Read> observed = resultOf(watching);
        return new History(writes, observed, readBack());
    }

    /** Reads everything back once more, as after a restart. */
    public List<Read> readBack() {
        return ReadBack.all(client, settings.topic(), settings.partitionCount(), this::idOf);
    }

    @Override
    public void close() {
        stopWriting = true;
        stopWatching = true;
        producers.forEach(producer -> producer.close(Duration.ZERO));
        threads.shutdownNow();
    }

    private void write(RecordedProducer producer, int number, SplittableRandom random) {
        var pacer = new Pacer(settings.recordsPerSecond());
        for (long sequence = 0; !stopWriting; sequence++) {
            pacer.awaitNext();
            var id = new ValueId(number, sequence);
            byte[] key = ("key-" + random.nextInt(settings.keys())).getBytes(StandardCharsets.UTF_8);
            byte[] value = Envelope.of(run, id, payload(random));
            var unused = producer.send(id, ProducerRecord.of(settings.topic(), key, value));
        }
    }

    /** Half text, half noise, so that compression has something to do and cannot do it all. */
    private byte[] payload(SplittableRandom random) {
        boolean large = random.nextInt(LARGE_VALUE_EVERY) == 0;
        int sizeMax = large ? settings.payloadBytesMax() : Math.min(SMALL_PAYLOAD_BYTES, settings.payloadBytesMax());
        byte[] payload = new byte[random.nextInt(sizeMax + 1)];
        for (int i = 0; i < payload.length / 2; i++) {
            payload[i] = (byte) random.nextInt();
        }
        return payload;
    }

    private List<Read> watch() {
        List<Read> reads = new ArrayList<>();
        try (Consumer consumer = client.consumer()) {
            consumer.assign(ReadBack.partitionsOf(settings.topic(), settings.partitionCount()));
            while (!stopWatching) {
                consumer.poll(POLL_TIMEOUT).forEach(record -> reads.add(ReadBack.readOf(record, this::idOf)));
            }
        }
        return reads;
    }

    private ValueId idOf(ConsumerRecord record) {
        byte[] value = record.value();
        return value == null ? ValueId.UNRECOGNISED : Envelope.idOf(run, value);
    }

    private static <T> T resultOf(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException(
                    "a client of the traffic failed: " + failure.getCause(), failure.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the traffic was ending", interruption);
        }
    }
}
