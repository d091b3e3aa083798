package io.flotilla.cli;

import io.flotilla.cli.output.RecordSink;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads as a member of a group until enough records were read or somebody calls {@link #stop()}, and commits what was
 * printed.
 *
 * <p>Threading: {@link #run()} belongs to one thread, {@link #stop()} to any.
 */
final class GroupConsumeLoop {
    private static final Duration POLL_WAIT = Duration.ofMillis(500);

    private final GroupConsumer consumer;
    private final RecordSink sink;
    private final long recordsMax;
    private final SortedMap<TopicPartition, Long> nextOffsets = new TreeMap<>();
    private long recordsRead;
    private volatile boolean stopped;

    /**
     * @param consumer   commits by itself what earlier polls returned; the caller closes it
     * @param recordsMax most records to read, 1 or more
     */
    GroupConsumeLoop(GroupConsumer consumer, RecordSink sink, long recordsMax) {
        this.consumer = consumer;
        this.sink = sink;
        this.recordsMax = recordsMax;
    }

    /** Returns when enough is read, when stopped, or when nobody reads the output any more. */
    void run() throws IOException {
        while (!stopped && recordsRead < recordsMax) {
            SortedMap<TopicPartition, Long> printed = new TreeMap<>();
            for (ConsumerRecord record : poll()) {
                if (recordsRead < recordsMax) {
                    sink.write(record);
                    recordsRead++;
                    printed.put(record.partition(), record.offset() + 1);
                }
            }
            if (!sink.flush()) { // the last records may not have reached anybody
                return;
            }
            nextOffsets.putAll(printed);
        }
        commit();
    }

    /** Exactly what was printed: the last poll may have returned more. */
    private void commit() {
        Map<TopicPartition, CommittedOffset> offsets = nextOffsets.entrySet().stream()
                .filter(next -> consumer.assignment().contains(next.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, next -> CommittedOffset.of(next.getValue())));
        if (!offsets.isEmpty()) {
            consumer.commit(offsets);
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

    /** Where the group reads on, for each partition of which a record was read here. */
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
}
