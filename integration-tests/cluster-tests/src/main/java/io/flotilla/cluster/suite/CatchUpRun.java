package io.flotilla.cluster.suite;

import io.flotilla.client.Admin;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.RecordMetadata;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.SegmentDigests.PartitionDigests;
import io.flotilla.protocol.record.Compression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of three brokers is down while the others append so much that their Raft logs no longer hold what it lacks. It
 * comes back, and its replica must become equal to theirs by fetching no more than what differs.
 */
public final class CatchUpRun {
    private static final String TOPIC = "catch-up";
    private static final int BROKERS = 3;
    private static final int VALUE_BYTES = 60 << 10;
    private static final int VALUES_IN_FLIGHT_MAX = 64;
    private static final long BYTES_BEFORE = 8 << 20;
    private static final int RAFT_LOG_KEPT_BYTES = 1 << 20;
    /** Of the bytes that differ: headers, and the part of a segment that is fetched again. */
    private static final double FETCHED_SHARE_MAX = 1.05;

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Pattern RECEIVED = Pattern.compile("receivedBytes=(\\d+)");

    private final Path directory;
    private final long bytes;
    private final boolean killedWhileFetching;
    private final Consumer<String> story;
    private final Random random = new Random(1);

    /**
     * @param bytes               appended while the broker is down; 48 MiB or more, or the others' logs may suffice
     * @param killedWhileFetching whether it is killed once more in the middle; what was fetched is not judged then
     */
    public CatchUpRun(Path directory, long bytes, boolean killedWhileFetching, Consumer<String> story) {
        this.directory = directory;
        this.bytes = bytes;
        this.killedWhileFetching = killedWhileFetching;
        this.story = story;
    }

    /**
     * What a run found.
     *
     * @param differing bytes of segments that the broker lacked
     * @param fetched   bytes it received
     * @param duration  from the moment its process was ready until its replica had applied what the others have
     */
    public record Result(long differing, long fetched, Duration duration, List<String> complaints) {}

    /**
     * @throws IOException           if files cannot be read
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    public Result run() throws IOException {
        var settings = ClusterSettings.of(BROKERS, directory)
                .with("log.segment.bytes", Integer.toString(16 << 20))
                .with("raft.log.kept.bytes.max", Integer.toString(RAFT_LOG_KEPT_BYTES))
                .with("replica.fetch.bytes.per.second", Integer.toString(killedWhileFetching ? 8 << 20 : 1 << 30));
        try (ProcessCluster cluster = ProcessCluster.start(settings)) {
            return run(cluster);
        }
    }

    private Result run(ProcessCluster cluster) throws IOException {
        Admin admin = cluster.client().admin();
        admin.createTopic(new NewTopic(TOPIC, 1, BROKERS, Map.of()));
        cluster.leaders().await(TOPIC, 1, TIMEOUT);
        append(cluster, BYTES_BEFORE);
        SegmentDigests.awaitSettled(admin, TOPIC, TIMEOUT);
        int leader = cluster.leaders().busiest(TOPIC);
        int away = cluster.brokerIds().stream()
                .filter(id -> id != leader)
                .findFirst()
                .orElseThrow();
        cluster.stop(away);
        story.accept("broker " + away + " is down; appending " + (bytes >> 20) + " MiB");
        append(cluster, bytes);
        awaitShortLogs(cluster);
        long differing = bytesOf(cluster, leader) - bytesOf(cluster, away);
        story.accept("the others' Raft logs have forgotten it; it starts");

        cluster.start(away);
        long readyNanos = System.nanoTime();
        if (killedWhileFetching) {
            awaitLine(cluster, away, "fetching a replica");
            cluster.kill9(away);
            story.accept("killed it while it was fetching");
            cluster.start(away);
            readyNanos = System.nanoTime();
        }
        SegmentDigests.awaitSettled(admin, TOPIC, TIMEOUT);
        Duration duration = Duration.ofNanos(System.nanoTime() - readyNanos);
        story.accept("it has what the others have");
        append(cluster, 1 << 20);
        SegmentDigests.awaitSettled(admin, TOPIC, TIMEOUT);
        long fetched = fetchedBy(cluster, away);
        return new Result(differing, fetched, duration, complaints(cluster, differing, fetched));
    }

    private void append(ProcessCluster cluster, long count) {
        byte[] value = new byte[VALUE_BYTES];
        Deque<CompletableFuture<RecordMetadata>> inFlight = new ArrayDeque<>();
        try (Producer producer =
                cluster.client().producer(ProducerSettings.DEFAULT.withCompression(Compression.NONE))) {
            for (long sent = 0; sent < count; sent += VALUE_BYTES) {
                random.nextBytes(value);
                inFlight.add(producer.send(ProducerRecord.of(TOPIC, null, value.clone())));
                if (inFlight.size() == VALUES_IN_FLIGHT_MAX) {
                    inFlight.remove().join();
                }
            }
            inFlight.forEach(CompletableFuture::join);
        }
    }

    /** Waits until no running broker's Raft logs hold half of what was appended. */
    private void awaitShortLogs(ProcessCluster cluster) {
        Awaiting.until(
                TIMEOUT,
                "Raft logs shorter than half of what was appended",
                () -> cluster.runningIds().stream().allMatch(id -> raftLogBytes(cluster, id) < bytes / 2),
                () -> "broker 1 to 3 have "
                        + cluster.brokerIds().stream()
                                .map(id -> raftLogBytes(cluster, id) + " bytes")
                                .toList());
    }

    private static long raftLogBytes(ProcessCluster cluster, int broker) {
        return bytesBelow(cluster.dataDirectory(broker).resolve("raft"), "log_");
    }

    private static long bytesOf(ProcessCluster cluster, int broker) {
        return bytesBelow(cluster.dataDirectory(broker).resolve("partitions"), "0");
    }

    /** Bytes of the files whose names begin so; those that vanish meanwhile do not count. */
    private static long bytesBelow(Path folder, String prefix) {
        try (Stream<Path> files = Files.walk(folder)) {
            long sum = 0;
            for (Path file : files.toList()) {
                if (Objects.requireNonNull(file.getFileName()).toString().startsWith(prefix)
                        && Files.isRegularFile(file)) {
                    sum += sizeOf(file);
                }
            }
            return sum;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look into " + folder, failure);
        } catch (UncheckedIOException vanished) {
            return Long.MAX_VALUE; // a folder or file went while it was listed: look again
        }
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException vanished) {
            return 0;
        }
    }

    private static void awaitLine(ProcessCluster cluster, int broker, String text) {
        Awaiting.until(
                TIMEOUT,
                "broker " + broker + " to say '" + text + "'",
                () -> !cluster.log(broker).linesWith(text).isEmpty(),
                () -> cluster.log(broker).tail());
    }

    private static long fetchedBy(ProcessCluster cluster, int broker) {
        long sum = 0;
        for (String line : cluster.log(broker).linesWith("fetched a replica")) {
            Matcher received = RECEIVED.matcher(line);
            sum += received.find() ? Long.parseLong(received.group(1)) : 0;
        }
        return sum;
    }

    private List<String> complaints(ProcessCluster cluster, long differing, long fetched) throws IOException {
        List<String> complaints = new ArrayList<>();
        if (fetched == 0) {
            complaints.add("the replica fetched nothing, though the others' Raft logs did not hold what it lacked");
        }
        if (!killedWhileFetching && fetched > FETCHED_SHARE_MAX * differing) {
            complaints.add("fetched " + fetched + " bytes where " + differing + " differed");
        }
        SegmentDigests.of(cluster.client().admin().describeTopic(TOPIC), cluster::dataDirectory).stream()
                .filter(partition -> !partition.identical())
                .map(PartitionDigests::toString)
                .forEach(partition -> complaints.add("replicas differ: " + partition));
        return complaints;
    }
}
