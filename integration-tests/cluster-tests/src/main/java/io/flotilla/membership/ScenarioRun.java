package io.flotilla.membership;

import io.flotilla.client.NewTopic;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.Availability;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Verdict;
import io.flotilla.cluster.history.Write;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One scenario with a cluster and traffic of its own, and the judgement of what clients saw and replicas hold. */
final class ScenarioRun {
    private static final int PRODUCERS = 2;
    /** Of each producer. */
    private static final int RECORDS_PER_SECOND = 100;

    private static final int KEYS = 64;
    private static final int PAYLOAD_BYTES_MAX = 16 << 10;
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int REPLICAS = 3;
    private static final int ACKNOWLEDGED_MIN = 200;
    private static final int HEAP_MIB = 256;
    private static final double PERCENTILE = 0.99;
    private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(1);

    private final Scenario scenario;
    private final long seed;
    private final Duration outage;
    private final Path directory;
    private final Consumer<String> story;

    ScenarioRun(Scenario scenario, long seed, Duration outage, Path directory, Consumer<String> story) {
        this.scenario = scenario;
        this.seed = seed;
        this.outage = outage;
        this.directory = directory;
        this.story = story;
    }

    /**
     * What a run found; {@code complaints} is empty if all is well.
     *
     * @param failed writes that were not acknowledged
     * @param p99    of the time to an acknowledgement
     */
    record Result(Verdict verdict, Availability availability, long failed, Duration p99, List<String> complaints) {}

    /**
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    Result run() throws IOException {
        ClusterSettings settings = ClusterSettings.of(scenario.brokers(), directory)
                .withHeapMib(HEAP_MIB)
                .with("broker.heartbeat.interval.ms", "500")
                .with("broker.session.timeout.ms", "3000")
                .with(
                        "dead.broker.replacement.delay.ms",
                        Long.toString(scenario.replacementDelay().toMillis()))
                .with("leader.return.delay.ms", "2000");
        try (ProcessCluster cluster = ProcessCluster.prepare(settings)) {
            List<Integer> first = cluster.brokerIds().subList(0, scenario.startedAtFirst());
            first.forEach(cluster::launch);
            first.forEach(cluster::awaitReady);
            cluster.client()
                    .admin()
                    .createTopic(new NewTopic(
                            Scene.TOPIC,
                            Scene.PARTITIONS,
                            REPLICAS,
                            Map.of("segment.bytes", Integer.toString(SEGMENT_BYTES))));
            cluster.leaders().await(Scene.TOPIC, Scene.PARTITIONS, LEADERS_TIMEOUT);
            var traffic = new TrafficSettings(
                    Scene.TOPIC, Scene.PARTITIONS, PRODUCERS, RECORDS_PER_SECOND, KEYS, PAYLOAD_BYTES_MAX, seed);
            try (Traffic running = Traffic.start(cluster.client(), traffic)) {
                Scene scene = new Scene(cluster, running, new SplittableRandom(seed), outage, story);
                scene.awaitService();
                scenario.play(scene);
                scene.awaitService();
                return judge(cluster, running.finish());
            }
        }
    }

    private Result judge(ProcessCluster cluster, History history) throws IOException {
        Verdict verdict = HistoryChecker.check(history, ACKNOWLEDGED_MIN);
        List<String> complaints = new ArrayList<>();
        if (!verdict.passed()) {
            complaints.add(verdict.toString());
        }
        long failed =
                history.writes().stream().filter(write -> write.ack().isEmpty()).count();
        if (failed > 0 && !scenario.toleratesFailures()) {
            complaints.add(failed + " writes were not acknowledged");
        }
        SegmentDigests.awaitSettled(cluster.client().admin(), Scene.TOPIC, SETTLE_TIMEOUT);
        SegmentDigests.of(cluster.client().admin().describeTopic(Scene.TOPIC), cluster::dataDirectory).stream()
                .filter(partition -> !partition.identical())
                .forEach(partition -> complaints.add("replicas of partition " + partition.partition() + " differ: "
                        + new TreeMap<>(partition.replicas())));
        return new Result(verdict, Availability.of(history.writes()), failed, p99(history.writes()), complaints);
    }

    private static Duration p99(List<Write> writes) {
        long[] nanos = writes.stream()
                .flatMap(write -> write.ack().map(ack -> ack.nanos() - write.sentNanos()).stream())
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        return Duration.ofNanos(nanos.length == 0 ? 0 : nanos[(int) (PERCENTILE * (nanos.length - 1))]);
    }
}
