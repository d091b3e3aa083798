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
 * sail@2026-11-28T13:00:00Z}, the count so far as decimal text. The newest record of a key counts.
 *
 * <p><b>On a restart</b>, after a crash too, every count ends right: what is committed is the first record of the oldest
 * window that is still open, so the open windows are counted anew from their beginning and written under the same keys. While
 * that goes on a key may show less than before for a moment. What is committed also says which windows were closed already,
 * so that none of them is counted in part.
 *
 * <p><b>Several processes</b> of one group would each count the words of their own partitions. With one partition the others
 * stand by; to share the work, write the words to a topic keyed by word first, and count that one.
 */
public final class WordCount implements RebalanceListener, AutoCloseable {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(500);

    private static final Map<String, String> OPTIONS =
            Map.of("bootstrap", "", "lines", "lines", "counts", "word-counts", "group", "word-count");

    private final GroupConsumer consumer;
    private final Producer producer;
    private final String countsTopic;
    private final WindowedCounts counts = new WindowedCounts(WINDOW, GRACE);
    private final Map<TopicPartition, CommittedOffset> committed = new HashMap<>();
    private long lateRecords;

    WordCount(FlotillaClient client, Options options) {
        this.countsTopic = options.get("counts");
        this.producer = client.producer();
        this.consumer = client.groupConsumer(GroupSettings.of(options.get("group"), options.get("lines"))
                .withAutoCommitInterval(Duration.ZERO) // only this program knows what it will need again
                .withListener(this));
    }

    public static void main(String[] arguments) {
        if (Options.asksForHelp(arguments)) {
            System.out.println(
                    "word-count --bootstrap HOST:PORT,… [--lines TOPIC] [--counts TOPIC] [--group GROUP]; the topics must"
                            + " exist");
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments, OPTIONS);
        } catch (IllegalArgumentException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        try (FlotillaClient client = FlotillaClient.connect(options.get("bootstrap"));
                WordCount wordCount = new WordCount(client, options)) {
            wordCount.run();
        }
    }

    private void run() {
        try (StopSignal signal = StopSignal.listen(consumer)) {
            while (!signal.isStopping()) {
                step();
            }
        } catch (WakeupException stopped) {
            System.err.println("word-count: stopped; what is open is counted anew by the next start");
        }
    }

    /** Counts what one poll brings, writes what has changed, and commits. */
    void step() {
        for (ConsumerRecord line : consumer.poll(POLL)) {
            byte[] value = line.value();
            String text = value == null ? "" : new String(value, StandardCharsets.UTF_8);
            if (!counts.add(line.partition(), line.offset(), line.timestampMillis(), text)) {
                lateRecords++;
                System.err.println("word-count: left out " + line.partition() + "@" + line.offset()
                        + ", which came after its window was closed; so far " + lateRecords);
            }
        }
        write(counts.takeChanges());
        for (TopicPartition partition : consumer.assignment()) {
            counts.readToItsEnd(partition, consumer.lag(partition).orElse(1) == 0);
        }
        counts.close();
        commit();
    }

    /** Waits until the counts are acknowledged: what is committed must be in them. */
    private void write(Map<String, Long> changes) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        changes.forEach((key, count) -> sent.add(producer.send(ProducerRecord.of(
                countsTopic,
                key.getBytes(StandardCharsets.UTF_8),
                Long.toString(count).getBytes(StandardCharsets.UTF_8)))));
        if (!sent.isEmpty()) {
            producer.flush();
            sent.forEach(CompletableFuture::join);
        }
    }

    private void commit() {
        Map<TopicPartition, CommittedOffset> changes = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            CommittedOffset needed = CommittedOffset.of(counts.firstNeeded(partition, consumer.position(partition)))
                    .withMetadata(Long.toString(counts.closedUpToMillis()));
            CommittedOffset before = committed.get(partition);
            if (before == null || before.offset() != needed.offset()) {
                changes.put(partition, needed);
            }
        }
        if (!changes.isEmpty()) {
            consumer.commit(changes);
            committed.putAll(changes);
        }
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
        partitions.forEach(this::leave);
    }

    @Override
    public void onLost(Set<TopicPartition> partitions) {
        partitions.forEach(this::leave);
    }

    private void leave(TopicPartition partition) {
        counts.forget(partition);
        committed.remove(partition);
    }
}
