package io.flotilla.starts;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.Consumer;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts a cluster, uses it as a test would, stops it, and does so again and again in one JVM. */
final class StartsRun {
    /** Rounds in which classes are loaded and pools of the whole process filled, before what is left is counted. */
    static final int WARM_UP = 3;

    /** Threads of the process that nobody uses any more end by themselves within this time. */
    private static final Duration LEFTOVERS_MAX = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int brokers;
    private final int rounds;

    /**
     * @param brokers of each cluster, 1 to 9
     * @param rounds  1 or more, after those that warm up
     */
    StartsRun(int brokers, int rounds) {
        this.brokers = brokers;
        this.rounds = rounds;
    }

    /**
     * What was measured.
     *
     * @param firstMillis the first start of the JVM
     * @param millis      those after the warm-up, in the order of the rounds
     * @param leaks       what there is more of than after the warm-up; empty if nothing
     */
    record Result(
            long firstMillis, List<Long> millis, ProcessResources before, ProcessResources after, List<String> leaks) {
        /** Of the starts after the warm-up. */
        long medianMillis() {
            List<Long> sorted = millis.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }

        long maxMillis() {
            return millis.stream().mapToLong(Long::longValue).max().orElse(0);
        }
    }

    Result run() throws IOException, InterruptedException {
        long first = round();
        for (int round = 1; round < WARM_UP; round++) {
            round();
        }
        ProcessResources before = atRest();
        List<Long> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            millis.add(round());
        }
        ProcessResources after = ProcessResources.now();
        long endNanos = System.nanoTime() + LEFTOVERS_MAX.toNanos();
        while (!after.beyond(before).isEmpty() && System.nanoTime() - endNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
            after = ProcessResources.now();
        }
        return new Result(first, millis, before, after, after.beyond(before));
    }

    /** Once two looks find the same, or nothing has come to rest in time. */
    private static ProcessResources atRest() throws IOException, InterruptedException {
        ProcessResources last = ProcessResources.now();
        long endNanos = System.nanoTime() + LEFTOVERS_MAX.toNanos();
        while (System.nanoTime() - endNanos < 0) {
            TimeUnit.SECONDS.sleep(2); // longer than pools of the process keep what nobody uses
            ProcessResources now = ProcessResources.now();
            if (now.equals(last)) {
                return now;
            }
            last = now;
        }
        return last;
    }

    /** @return milliseconds until all brokers served */
    private long round() throws IOException {
        long startNanos = System.nanoTime();
        try (EmbeddedCluster cluster = EmbeddedCluster.startTemporary(brokers, Map.of())) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            try (FlotillaClient client = FlotillaClient.connect(cluster.bootstrap())) {
                use(client);
            }
            return millis;
        }
    }

    private void use(FlotillaClient client) throws IOException {
        TopicPartition partition = new TopicPartition("orders", 0);
        client.admin().createTopic(NewTopic.of(partition.topic(), 1, Math.min(brokers, 3)));
        try (Producer producer = client.producer();
                Consumer consumer = client.consumer()) {
            producer.send(ProducerRecord.of(partition, null, new byte[] {1}))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            consumer.assign(List.of(partition));
            if (consumer.poll(PATIENCE).size() != 1) {
                throw new IOException("the record that was written was not read within " + PATIENCE);
            }
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException("a record was not written: " + failure, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a record was written", interrupted);
        }
    }
}
