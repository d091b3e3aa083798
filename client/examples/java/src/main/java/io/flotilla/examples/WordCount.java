package io.flotilla.examples;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RebalanceListener;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the words of a topic's lines in windows of one minute, by the time of the records: reads {@code lines} as a group,
 * and writes to {@code word-counts}, under the key {@code word@start of the window} such as {@code
 * sail@2026-11-28T13:00:00Z}, the count as decimal text, once the window is closed: when records have come that are ten
 * seconds past its end. What comes later than that is left out.
 *
 * <p><b>On a restart</b>, after a crash too, every count is right: what is committed is the first record of the oldest window
 * that is still open, so the open windows are counted anew from their beginning; and with it which windows were closed, so
 * that none of them is counted in part. The counts written last may be written again, with the same keys and values.
 *
 * <p><b>Several processes</b> of one group would each count the words of their own partitions, under the same keys. With one
 * partition the others stand by; to share the work, write the words to a topic keyed by word first, and count that one.
 */
public final class WordCount implements RebalanceListener, AutoCloseable {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);

    private static final String LINES = "lines";
    private static final String COUNTS = "word-counts";
    private static final String GROUP = "word-count";

    private final GroupConsumer consumer;
    private final Producer producer;
    private final WindowedCounts counts = new WindowedCounts(WINDOW, GRACE);

    WordCount(FlotillaClient client) {
        this.producer = client.producer();
        this.consumer = client.groupConsumer(GroupSettings.of(GROUP, LINES)
                .withAutoCommitInterval(Duration.ZERO) // only this program knows what it will need again
                .withListener(this));
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: word-count HOST:PORT,…; the topics lines and word-counts must exist");
            System.exit(2);
        }
        try (StopSignal signal = StopSignal.listen();
                FlotillaClient client = FlotillaClient.connect(arguments[0]);
                WordCount wordCount = new WordCount(client)) {
            wordCount.run(signal);
        }
    }

    private void run(StopSignal signal) {
        signal.wakes(consumer::wakeup);
        try {
            while (!signal.isStopping()) {
                step();
            }
        } catch (WakeupException stopped) {
            System.err.println("word-count: stopped; what is open is counted anew by the next start");
        }
    }

    /** Counts what one poll brings, writes what is closed by it, and commits. */
    void step() {
        Map<String, Long> closed = new HashMap<>();
        for (ConsumerRecord line : consumer.poll(POLL)) {
            byte[] value = line.value();
            String text = value == null ? "" : new String(value, StandardCharsets.UTF_8);
            if (!counts.add(line.partition(), line.offset(), line.timestampMillis(), text)) {
                System.err.println("word-count: left out " + line.partition() + "@" + line.offset()
                        + ", which came after its window was closed");
            }
            closed.putAll(counts.close());
        }
        for (TopicPartition partition : consumer.assignment()) {
            counts.readToItsEnd(partition, consumer.lag(partition).orElse(1) == 0);
        }
        closed.putAll(counts.close());
        if (!closed.isEmpty()) {
            write(closed);
            commit();
        }
    }

    /** Waits until the counts are acknowledged: what is committed must be in them. */
    private void write(Map<String, Long> closed) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        closed.forEach((key, count) -> sent.add(producer.send(ProducerRecord.of(
                COUNTS,
                key.getBytes(StandardCharsets.UTF_8),
                Long.toString(count).getBytes(StandardCharsets.UTF_8)))));
        producer.flush();
        sent.forEach(CompletableFuture::join);
    }

    private void commit() {
        Map<TopicPartition, CommittedOffset> needed = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            needed.put(
                    partition,
                    CommittedOffset.of(counts.firstNeeded(partition, consumer.position(partition)))
                            .withMetadata(Long.toString(counts.closedUpToMillis())));
        }
        consumer.commit(needed);
    }

    /** Leaves the group. */
    @Override
    public void close() {
        consumer.close();
        producer.close();
    }

    @Override
    public void onAssigned(Set<TopicPartition> partitions) {
        Map<TopicPartition, CommittedOffset> found = consumer.committed(partitions);
        for (TopicPartition partition : partitions) {
            String metadata = found.containsKey(partition)
                    ? Objects.requireNonNull(found.get(partition)).metadata()
                    : "";
            counts.begin(partition, metadata.isEmpty() ? 0 : Long.parseLong(metadata));
        }
    }

    @Override
    public void onRevoked(Set<TopicPartition> partitions) {
        partitions.forEach(counts::forget);
    }

    @Override
    public void onLost(Set<TopicPartition> partitions) {
        partitions.forEach(counts::forget);
    }
}
