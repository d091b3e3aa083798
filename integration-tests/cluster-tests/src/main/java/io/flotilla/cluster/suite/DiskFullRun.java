package io.flotilla.cluster.suite;

import static java.util.Objects.requireNonNull;

import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Verdict;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import io.flotilla.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Three brokers on small disks under traffic: one disk runs low, then critical, then has room again; then all run low at
 * once. Nothing acknowledged may be lost, a minority of full disks may stop nobody, and everything goes on by itself.
 */
final class DiskFullRun {
    private static final String TOPIC = "disk-full";
    /** For records that no judge expects. */
    private static final String PROBE_TOPIC = "disk-full-probe";

    private static final int BROKERS = 3;
    private static final int PARTITIONS = 3;
    private static final int DISK_MIB = 384;
    private static final long MIB = 1 << 20;
    private static final long RESERVE_BYTES = 64 * MIB;
    private static final long LOW_BYTES = 48 * MIB;
    private static final long CRITICAL_BYTES = 16 * MIB;

    private static final int PRODUCERS = 2;
    private static final int RECORDS_PER_SECOND = 75;
    private static final int KEYS = 64;
    private static final int PAYLOAD_BYTES_MAX = 4 << 10;
    private static final int PROOF = 200;
    private static final int ACKNOWLEDGED_MIN = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration REFUSAL_TIMEOUT = Duration.ofSeconds(3);

    private final Path directory;
    private final long seed;
    private final Consumer<String> story;
    private final SortedMap<Integer, SizedDisk> disks = new TreeMap<>();

    DiskFullRun(Path directory, long seed, Consumer<String> story) {
        this.directory = directory;
        this.seed = seed;
        this.story = story;
    }

    /**
     * What a run found.
     *
     * @param resumed from room on all disks to the first acknowledgement
     */
    record Result(Verdict verdict, Duration resumed, List<String> complaints) {}

    /**
     * @throws IOException           if disks cannot be mounted
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    Result run() throws IOException {
        try {
            var settings = ClusterSettings.of(BROKERS, directory)
                    .with("disk.reserve.bytes", Long.toString(RESERVE_BYTES))
                    .with("disk.check.interval.ms", "200");
            try (ProcessCluster cluster = ProcessCluster.prepare(settings)) {
                for (int id : cluster.brokerIds()) {
                    disks.put(id, SizedDisk.mount(cluster.dataDirectory(id), DISK_MIB));
                }
                cluster.startAll();
                return run(cluster);
            }
        } finally {
            for (SizedDisk disk : disks.values()) {
                disk.close();
            }
        }
    }

    private Result run(ProcessCluster cluster) throws IOException {
        cluster.client().admin().createTopic(new NewTopic(TOPIC, PARTITIONS, BROKERS, Map.of()));
        cluster.client().admin().createTopic(new NewTopic(PROBE_TOPIC, PARTITIONS, BROKERS, Map.of()));
        cluster.leaders().await(TOPIC, PARTITIONS, TIMEOUT);
        var settings =
                new TrafficSettings(TOPIC, PARTITIONS, PRODUCERS, RECORDS_PER_SECOND, KEYS, PAYLOAD_BYTES_MAX, seed);
        try (Traffic traffic = Traffic.start(cluster.client(), settings)) {
            traffic.awaitAcknowledged(PROOF, TIMEOUT);
            fillOne(cluster, traffic);
            Duration resumed = fillAll(cluster, traffic);
            History history = traffic.finish();
            Verdict verdict = HistoryChecker.check(history, ACKNOWLEDGED_MIN);
            SegmentDigests.awaitSettled(cluster.client().admin(), TOPIC, TIMEOUT);
            return new Result(verdict, resumed, complaints(cluster, verdict));
        }
    }

    private void fillOne(ProcessCluster cluster, Traffic traffic) throws IOException {
        int victim = cluster.leaders().busiest(TOPIC);
        SizedDisk disk = requireNonNull(disks.get(victim));
        story.accept("broker " + victim + " runs low, " + traffic.acknowledged() + " values acknowledged");
        disk.leave(LOW_BYTES);
        Awaiting.until(
                TIMEOUT,
                "broker " + victim + " to lead nothing",
                () -> cluster.leaders().of(TOPIC).size() == PARTITIONS
                        && !cluster.leaders().of(TOPIC).containsValue(victim),
                () -> "leaders are " + cluster.leaders().of(TOPIC));
        traffic.awaitAcknowledged(PROOF, TIMEOUT);
        story.accept("it runs critical");
        disk.leave(CRITICAL_BYTES);
        awaitLine(cluster, victim, "disk space changed level=CRITICAL");
        traffic.awaitAcknowledged(PROOF, TIMEOUT);
        story.accept("it has room again, " + traffic.acknowledged() + " values acknowledged");
        disk.empty();
        awaitLine(cluster, victim, "reopened replica");
        traffic.awaitAcknowledged(PROOF, TIMEOUT);
    }

    private Duration fillAll(ProcessCluster cluster, Traffic traffic) throws IOException {
        story.accept("all disks run low");
        for (SizedDisk disk : disks.values()) {
            disk.leave(LOW_BYTES);
        }
        awaitRefusal(cluster);
        traffic.readBack(); // reads go on
        story.accept("all disks have room again, " + traffic.acknowledged() + " values acknowledged");
        long roomNanos = System.nanoTime();
        for (SizedDisk disk : disks.values()) {
            disk.empty();
        }
        traffic.awaitAcknowledged(1, TIMEOUT);
        Duration resumed = Duration.ofNanos(System.nanoTime() - roomNanos);
        traffic.awaitAcknowledged(PROOF, TIMEOUT);
        return resumed;
    }

    /** A producer of little patience is told why. */
    private static void awaitRefusal(ProcessCluster cluster) {
        var impatient = ProducerSettings.DEFAULT.withDeliveryTimeout(REFUSAL_TIMEOUT);
        List<String> answers = new ArrayList<>();
        try (Producer producer = cluster.client().producer(impatient)) {
            Awaiting.until(
                    TIMEOUT,
                    "a refusal for want of room",
                    () -> isRefusedForRoom(producer, answers),
                    () -> "answers were " + answers);
        }
    }

    private static boolean isRefusedForRoom(Producer producer, List<String> answers) {
        byte[] value = "refused".getBytes(StandardCharsets.UTF_8);
        try {
            answers.add(producer.send(ProducerRecord.of(PROBE_TOPIC, value, value))
                    .join()
                    .toString());
            return false;
        } catch (CompletionException failure) {
            answers.add(String.valueOf(failure.getCause()));
            return String.valueOf(failure.getCause()).contains(ErrorCode.DISK_FULL.name());
        }
    }

    private static void awaitLine(ProcessCluster cluster, int broker, String text) {
        Awaiting.until(
                TIMEOUT,
                "broker " + broker + " to say '" + text + "'",
                () -> !cluster.log(broker).linesWith(text).isEmpty(),
                () -> cluster.log(broker).tail());
    }

    private List<String> complaints(ProcessCluster cluster, Verdict verdict) throws IOException {
        List<String> complaints = new ArrayList<>();
        if (!verdict.passed()) {
            complaints.add(verdict.toString());
        }
        SegmentDigests.of(cluster.client().admin().describeTopic(TOPIC), cluster::dataDirectory).stream()
                .filter(partition -> !partition.identical())
                .forEach(partition -> complaints.add("replicas differ: " + partition));
        return complaints;
    }
}
