package io.flotilla.cli;

import io.flotilla.cli.output.RecordSink;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads until every partition has reached its stop offset, enough records were read, or somebody calls {@link #stop()}.
 *
 * <p>Threading: {@link #run()} belongs to one thread, {@link #stop()} to any.
 */
final class ConsumeLoop {
    /** Longest wait for records between two looks at whether all is read. */
    private static final Duration POLL_WAIT = Duration.ofMillis(500);

    private final Consumer consumer;
    private final RecordSink sink;
    private final Map<TopicPartition, Long> stops;
    private final boolean follows;
    private final long recordsMax;
    private final SortedMap<TopicPartition, Long> nextOffsets = new TreeMap<>();
    private long recordsRead;
    private volatile boolean stopped;

    /**
     * @param consumer   assigned already; the caller closes it
     * @param stops      for each assigned partition the offset before which to stop; empty means never
     * @param recordsMax most records to read, 1 or more
     */
    ConsumeLoop(Consumer consumer, RecordSink sink, Map<TopicPartition, Long> stops, long recordsMax) {
        this.consumer = consumer;
        this.sink = sink;
        this.stops = new HashMap<>(stops);
        this.follows = stops.isEmpty();
        this.recordsMax = recordsMax;
    }

    /** Returns when all is read, when stopped, or when nobody reads the output any more. */
    void run() throws IOException {
        leaveFinishedPartitions();
        boolean reader = true;
        while (reader && !stopped && recordsRead < recordsMax && (follows || !stops.isEmpty())) {
            for (ConsumerRecord record : poll()) {
                if (recordsRead < recordsMax && isWanted(record)) {
                    sink.write(record);
                    recordsRead++;
                    nextOffsets.put(record.partition(), record.offset() + 1);
                }
            }
            reader = sink.flush();
            leaveFinishedPartitions();
        }
    }

    /** Ends {@link #run()} soon, after the records it has in hand. */
    void stop() {
        stopped = true;
        consumer.wakeup();
    }

    long recordsRead() {
        return recordsRead;
    }

    /** Where to read on, for each partition of which a record was read. */
    SortedMap<TopicPartition, Long> nextOffsets() {
        return nextOffsets;
    }

    private List<ConsumerRecord> poll() {
        try {
            return consumer.poll(POLL_WAIT);
        } catch (WakeupException stop) {
            return List.of();
        }
    }

    private boolean isWanted(ConsumerRecord record) {
        Long stop = stops.get(record.partition());
        return follows || (stop != null && record.offset() < stop);
    }

    /** By position and not by records read, since the offsets before a stop need not all have a record. */
    private void leaveFinishedPartitions() {
        List<TopicPartition> finished = stops.entrySet().stream()
                .filter(stop -> consumer.position(stop.getKey()) >= stop.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (!finished.isEmpty()) {
            consumer.pause(finished);
            stops.keySet().removeAll(finished);
        }
    }
}
