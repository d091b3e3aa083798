package io.flotilla.quickstart;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicDescription;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.Leaders;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.Availability;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Read;
import io.flotilla.cluster.history.Write;
import io.flotilla.cluster.traffic.Pacer;
import io.flotilla.cluster.traffic.ReadBack;
import io.flotilla.cluster.traffic.RecordedProducer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The story: send every line; in the middle, kill the broker that leads most; start it again; read everything back and
 * compare it, and the replicas' files, byte by byte.
 */
final class Demonstration {
    static final String TOPIC = "quickstart";
    static final int PARTITIONS = 6;
    static final int REPLICAS = 3;

    /** Sending is spread over this time; what a cluster cannot take so fast takes longer. */
    private static final Duration SENDING = Duration.ofSeconds(15);

    private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PROGRESS_TIMEOUT = Duration.ofMinutes(2);

    private final ProcessCluster cluster;
    private final Consumer<String> story;

    /**
     * @param story takes a line at each turn of events
     */
    Demonstration(ProcessCluster cluster, Consumer<String> story) {
        this.cluster = cluster;
        this.story = story;
    }

    /** What is known once the killed broker is back. */
    private record Fault(int broker, SortedMap<Integer, Integer> before, SortedMap<Integer, Integer> without) {}

    /**
     * @param lineCount of the input
     * @throws IllegalStateException if the cluster does not do its part in time
     */
    Outcome run(LineInput input, long lineCount) throws IOException {
        FlotillaClient client = cluster.client();
        client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, REPLICAS));
        Leaders leaders = cluster.leaders();
        leaders.await(TOPIC, PARTITIONS, LEADER_TIMEOUT);
        story.accept("created topic '" + TOPIC + "' with " + PARTITIONS + " partitions on " + REPLICAS
                + " brokers each; leaders by broker: " + leaders.counts(TOPIC));

        ExecutorService faultThread = Executors.newSingleThreadExecutor();
        try (Producer producer = client.producer()) {
            var recorded = new RecordedProducer(producer);
            Future<Fault> fault = send(input, lineCount, recorded, faultThread);
            List<Write> writes = recorded.finish();
            story.accept("all lines sent; " + Report.number(recorded.acknowledged()) + " acknowledged"
                    + (recorded.failures().isEmpty() ? "" : ", failed: " + recorded.failures()));
            return judge(client, writes, resultOf(fault));
        } finally {
            faultThread.shutdownNow();
        }
    }

    private Future<Fault> send(LineInput input, long lineCount, RecordedProducer recorded, ExecutorService faultThread)
            throws IOException {
        double perSecond = (double) lineCount / SENDING.toSeconds();
        story.accept(
                String.format(Locale.ROOT, "sending %s lines at %,.0f a second", Report.number(lineCount), perSecond));
        var pacer = new Pacer(perSecond);
        long killAt = lineCount / 2;
        var number = new AtomicLong();
        var fault = new AtomicReference<Future<Fault>>();
        input.forEach((key, line) -> {
            pacer.awaitNext();
            long next = number.getAndIncrement();
            if (next == killAt) {
                fault.set(faultThread.submit(() -> killAndRestart(recorded, lineCount)));
            }
            var unused = recorded.send(
                    LineTag.idOf(next), ProducerRecord.of(TOPIC, key, line).withHeaders(LineTag.headersFor(next)));
        });
        return Objects.requireNonNull(fault.get(), "the input lost lines while it was read");
    }

    private Fault killAndRestart(RecordedProducer recorded, long lineCount) {
        Leaders leaders = cluster.leaders();
        SortedMap<Integer, Integer> before = leaders.counts(TOPIC);
        int victim = leaders.busiest(TOPIC);
        story.accept(
                "kill -9 broker " + victim + " (pid " + cluster.pid(victim) + "), which leads " + before.get(victim)
                        + " of " + PARTITIONS + " partitions; " + Report.number(recorded.acknowledged())
                        + " lines are acknowledged");
        cluster.kill9(victim);
        leaders.await(TOPIC, PARTITIONS, LEADER_TIMEOUT);
        SortedMap<Integer, Integer> without = leaders.counts(TOPIC);
        story.accept("every partition has a leader again; leaders by broker: " + without);
        long goal = lineCount * 3 / 4;
        Awaiting.until(
                PROGRESS_TIMEOUT,
                goal + " acknowledged lines",
                () -> recorded.acknowledged() >= goal,
                () -> recorded.acknowledged() + " of " + recorded.sent() + " sent, failed: " + recorded.failures());
        cluster.start(victim);
        story.accept("broker " + victim + " runs again (pid " + cluster.pid(victim) + ")");
        return new Fault(victim, before, without);
    }

    private Outcome judge(FlotillaClient client, List<Write> writes, Fault fault) throws IOException {
        SegmentDigests.awaitSettled(client.admin(), TOPIC, PROGRESS_TIMEOUT);
        List<Read> reads = ReadBack.all(client, TOPIC, PARTITIONS, LineTag::idOf);
        TopicDescription topic = client.admin().describeTopic(TOPIC);
        return new Outcome(
                HistoryChecker.check(new History(writes, List.of(), reads), 1),
                Availability.of(writes),
                fault.broker(),
                fault.before(),
                fault.without(),
                cluster.leaders().counts(TOPIC),
                SegmentDigests.of(topic, cluster::dataDirectory));
    }

    private static Fault resultOf(Future<Fault> fault) {
        try {
            return fault.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException(
                    "the broker could not be killed and restarted: " + failure.getCause(), failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interruption);
        }
    }
}
