package io.flotilla.cluster.traffic;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.history.Read;
import io.flotilla.cluster.history.ValueId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Reads a whole topic as any consumer would. */
public final class ReadBack {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    /** Longest time without a single record before reading is given up: a cluster that heals needs less. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private ReadBack() {}

    /** All partitions of a topic. */
    public static List<TopicPartition> partitionsOf(String topic, int partitionCount) {
        return IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /**
     * Reads everything that is committed now, from the beginning.
     *
     * @param idOf names the value of a record, or answers {@link ValueId#UNRECOGNISED}
     * @throws IllegalStateException if records that are committed do not come
     */
    public static List<Read> all(
            FlotillaClient client, String topic, int partitionCount, Function<ConsumerRecord, ValueId> idOf) {
        List<TopicPartition> partitions = partitionsOf(topic, partitionCount);
        try (Consumer consumer = client.consumer()) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Read> reads = new ArrayList<>();
            long progressNanos = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                List<ConsumerRecord> records = consumer.poll(POLL_TIMEOUT);
                records.forEach(record -> reads.add(readOf(record, idOf)));
                if (!records.isEmpty()) {
                    progressNanos = System.nanoTime();
                } else if (System.nanoTime() - progressNanos > SILENCE_MAX.toNanos()) {
                    throw new IllegalStateException(
                            "no record for " + SILENCE_MAX.toSeconds() + " s, though the partitions end at " + ends
                                    + " and were read up to " + positions(consumer, partitions));
                }
            }
            return reads;
        }
    }

    static Read readOf(ConsumerRecord record, Function<ConsumerRecord, ValueId> idOf) {
        return new Read(
                record.partition().partition(),
                record.offset(),
                idOf.apply(record),
                ContentDigest.of(record.key(), record.value()));
    }

    private static List<Long> positions(Consumer consumer, List<TopicPartition> partitions) {
        return partitions.stream().map(consumer::position).toList();
    }
}
