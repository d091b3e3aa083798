package io.flotilla.benchmarks.failover;

import static java.util.Objects.requireNonNull;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.traffic.Envelope;
import io.flotilla.cluster.traffic.ReadBack;
import io.flotilla.cluster.traffic.RecordedProducer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A writer for each partition of a topic, all through one producer of a client of their own.
 *
 * <p>Threading: one thread drives them.
 */
final class PartitionWriters implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final String topic;
    private final int partitionCount;
    private final long run;
    private final FlotillaClient client;
    private final Producer producer;
    private final RecordedProducer recorded;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final SortedMap<Integer, PartitionWriter> writers = new TreeMap<>();

    /**
     * Writers that wait for {@link #go}. The caller closes them.
     *
     * @param run tells their values from those of others
     */
    PartitionWriters(ClientSettings settings, String topic, int partitionCount, long run) {
        this.topic = topic;
        this.partitionCount = partitionCount;
        this.run = run;
        client = FlotillaClient.connect(settings);
        producer = client.producer(ProducerSettings.DEFAULT.withLinger(Duration.ZERO));
        recorded = new RecordedProducer(producer);
        for (TopicPartition partition : ReadBack.partitionsOf(topic, partitionCount)) {
            writers.put(partition.partition(), new PartitionWriter(partition, run, recorded, executor));
        }
    }

    /** Begins, or goes on, and returns once each partition has acknowledged a record. */
    void go() {
        SortedMap<Integer, Long> before = new TreeMap<>();
        writers.forEach((partition, writer) -> before.put(partition, writer.acknowledged()));
        writers.values().forEach(PartitionWriter::go);
        Awaiting.until(
                TIMEOUT,
                "an acknowledgement of each partition of " + topic,
                () -> writers.entrySet().stream()
                        .allMatch(writer ->
                                writer.getValue().acknowledged() > requireNonNull(before.get(writer.getKey()))),
                () -> "failures are " + recorded.failures());
    }

    /** Stops writing, and returns once nothing is pending. */
    void hold() {
        writers.values().forEach(PartitionWriter::hold);
        Awaiting.until(
                TIMEOUT,
                "answers to all that was written to " + topic,
                () -> writers.values().stream().allMatch(PartitionWriter::isIdle),
                () -> "failures are " + recorded.failures());
    }

    /** From now on looks for the acknowledgements of new leaders. */
    void watch() {
        writers.values().forEach(PartitionWriter::watch);
    }

    /**
     * Waits for an acknowledgement of a new leader of each of these partitions, at most so long.
     *
     * @return what was seen up to the first one, by partition; a partition that had none is left out
     */
    SortedMap<Integer, LeaderChange.Seen> awaitReturn(Set<Integer> partitions, Duration timeout) {
        SortedMap<Integer, LeaderChange.Seen> returned = new TreeMap<>();
        try {
            Awaiting.until(
                    timeout,
                    "new leaders",
                    () -> {
                        partitions.forEach(partition -> requireNonNull(writers.get(partition))
                                .change()
                                .ifPresent(seen -> returned.put(partition, seen)));
                        return returned.size() == partitions.size();
                    },
                    () -> "returned are " + returned.keySet());
        } catch (IllegalStateException late) {
            return returned; // the caller sees which are missing
        }
        return returned;
    }

    /** Ends the writers, and reads everything back. */
    History finish() {
        hold();
        return new History(recorded.finish(), List.of(), ReadBack.all(client, topic, partitionCount, this::idOf));
    }

    private ValueId idOf(ConsumerRecord record) {
        byte[] value = record.value();
        return value == null ? ValueId.UNRECOGNISED : Envelope.idOf(run, value);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        producer.close(Duration.ZERO);
        client.close();
    }
}
