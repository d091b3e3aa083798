package io.flotilla.cluster;

import io.flotilla.client.Admin;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What replicas hold on disk, condensed so that it can be compared: replicas of a partition have the same segment files
 * with the same bytes.
 */
public final class SegmentDigests {
    private static final String SEGMENT_SUFFIX = ".log";

    /**
     * One replica's segments.
     *
     * @param bytes       of all its segments together
     * @param oldestBytes of the oldest segment, 0 if there is none
     * @param sha256      over name, length and content of each segment in the order of their offsets
     */
    public record ReplicaDigest(long bytes, long oldestBytes, String sha256) {}

    /** One partition's replicas by broker. */
    public record PartitionDigests(int partition, SortedMap<Integer, ReplicaDigest> replicas) {
        /** Whether there are replicas, and all hold the same. */
        public boolean identical() {
            return new HashSet<>(replicas.values()).size() == 1;
        }
    }

    private SegmentDigests() {}

    /**
     * Waits until all replicas of a topic have applied the same, up to what the leaders have committed. Nobody may write
     * meanwhile.
     *
     * @throws IllegalStateException if they do not come to agree in time
     */
    public static void awaitSettled(Admin admin, String topic, Duration timeout) {
        var look = new Look(admin, topic);
        Awaiting.until(timeout, "all replicas of " + topic + " to have applied the same", look::settled, look::state);
    }

    /** One look at all replicas after the other, remembering the last. */
    private static final class Look {
        private final Admin admin;
        private final String topic;
        private String state = "nothing known";

        Look(Admin admin, String topic) {
            this.admin = admin;
            this.topic = topic;
        }

        boolean settled() {
            try {
                TopicDescription description = admin.describeTopic(topic);
                SortedMap<TopicPartition, List<ReplicaDescription>> replicas = replicas();
                state = replicas.toString();
                return description.partitions().stream()
                        .allMatch(
                                partition -> agree(partition, replicas.getOrDefault(partition.partition(), List.of())));
            } catch (LogException failure) {
                state = failure.toString();
                return false;
            }
        }

        String state() {
            return state;
        }

        private SortedMap<TopicPartition, List<ReplicaDescription>> replicas() {
            SortedMap<TopicPartition, List<ReplicaDescription>> found = new TreeMap<>();
            admin.describeCluster()
                    .brokers()
                    .forEach(broker -> admin.describeBroker(broker.brokerId()).replicas().stream()
                            .filter(replica -> replica.partition().topic().equals(topic))
                            .forEach(replica -> found.computeIfAbsent(replica.partition(), p -> new ArrayList<>())
                                    .add(replica)));
            return found;
        }

        private static boolean agree(PartitionDescription partition, List<ReplicaDescription> replicas) {
            Set<List<Long>> ranges = new HashSet<>();
            replicas.forEach(replica -> ranges.add(List.of(replica.logStartOffset(), replica.highWatermark())));
            return replicas.size() == partition.replicaBrokerIds().size() && ranges.size() == 1;
        }
    }

    /**
     * Reads all replicas' segments, whether their brokers run or not.
     *
     * @param dataDirectories of each broker by its id
     * @throws IOException if a replica's folder cannot be read, is missing, or loses a segment meanwhile
     */
    public static List<PartitionDigests> of(TopicDescription topic, IntFunction<Path> dataDirectories)
            throws IOException {
        List<PartitionDigests> digests = new ArrayList<>();
        for (PartitionDescription partition : topic.partitions()) {
            int number = partition.partition().partition();
            SortedMap<Integer, ReplicaDigest> replicas = new TreeMap<>();
            for (int broker : partition.replicaBrokerIds()) {
                replicas.put(broker, ofReplica(dataDirectories.apply(broker), topic, number));
            }
            digests.add(new PartitionDigests(number, replicas));
        }
        return digests;
    }

    /** Files of one replica's segments, by their first offset. */
    public static List<Path> segments(Path dataDirectory, TopicDescription topic, int partition) throws IOException {
        Path folder = dataDirectory.resolve("partitions").resolve(dashed(topic.topicId()) + "-" + partition);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SEGMENT_SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static ReplicaDigest ofReplica(Path dataDirectory, TopicDescription topic, int partition)
            throws IOException {
        List<Path> segments = segments(dataDirectory, topic, partition);
        MessageDigest sha256 = sha256();
        long bytes = 0;
        for (Path segment : segments) {
            long size = Files.size(segment);
            sha256.update(segment.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
            try (var content = new DigestInputStream(Files.newInputStream(segment), sha256)) {
                content.transferTo(OutputStream.nullOutputStream());
            }
            bytes += size;
        }
        long oldestBytes = segments.isEmpty() ? 0 : Files.size(segments.get(0));
        return new ReplicaDigest(bytes, oldestBytes, HexFormat.of().formatHex(sha256.digest()));
    }

    /** The API writes topic ids as 32 hexadecimal digits, folders as UUIDs. */
    private static String dashed(String topicId) {
        return topicId.contains("-")
                ? topicId
                : topicId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
