package io.flotilla.bitrot;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.client.BrokerStatus;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.ReplicaRole;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.SegmentDigests.PartitionDigests;
import io.flotilla.cluster.traffic.ReadBack;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Three brokers in this process, one of which finds a bit flipped in one of its files at each of its starts. The other two
 * serve meanwhile; after each start all that was acknowledged must be read as it was, and what became of the damage is
 * noted.
 */
final class BitRotRun {
    private static final String TOPIC = "bit-rot";
    private static final int BROKERS = 3;
    private static final int PARTITIONS = 3;
    private static final int VICTIM = 3;
    private static final int FIRST_RECORDS = 1_500;
    private static final int VALUE_BYTES = 512;
    /** Well below a segment. */
    private static final int BATCH_BYTES = 16 << 10;

    private static final int RECORDS_EACH_TIME = 6;
    /** Longest time for the broker to find its damage and to repair it. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Path directory;
    private final Random random;
    private final int flips;
    private final Consumer<String> story;
    private final Map<TopicPartition, List<String>> acknowledged = new HashMap<>();
    private final SortedMap<String, SortedMap<Fate, Integer>> fates = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private long sent;

    BitRotRun(Path directory, long seed, int flips, Consumer<String> story) {
        this.directory = directory;
        this.random = new Random(seed);
        this.flips = flips;
        this.story = story;
    }

    /** What became of a damaged file. */
    enum Fate {
        /** All replicas take part and hold the same bytes: it was repaired, built again, or no byte that means anything. */
        SOUND,
        /** A replica stays closed and says why. */
        STOPPED,
        /** The broker does not start and says why. */
        REFUSED,
        /** A replica takes part with other bytes than its peers: nobody has noticed. */
        UNNOTICED
    }

    /** By kind of file; {@code violations} is empty if nothing wrong was served and writing went on. */
    record Result(SortedMap<String, SortedMap<Fate, Integer>> fates, List<String> violations) {}

    Result run() throws IOException {
        var settings = new EmbeddedSettings(
                BROKERS, directory, 0, Map.of("shutdown.timeout.ms", "2000", "scrub.interval.ms", "1000"));
        try (EmbeddedCluster cluster = EmbeddedCluster.start(settings);
                FlotillaClient client = FlotillaClient.connect(cluster.bootstrap())) {
            client.admin().createTopic(new NewTopic(TOPIC, PARTITIONS, BROKERS, Map.of("segment.bytes", "65536")));
            try (Producer producer = client.producer(ProducerSettings.DEFAULT.withBatchBytes(BATCH_BYTES))) {
                send(producer, FIRST_RECORDS);
                for (int number = 0; number < flips; number++) {
                    rot(cluster, client, producer, number);
                }
            }
        }
        return new Result(fates, violations);
    }

    private void send(Producer producer, int count) {
        for (int i = 0; i < count; i++) {
            String value = sent++ + " " + noise();
            producer.send(ProducerRecord.of(TOPIC, null, value.getBytes(StandardCharsets.UTF_8)))
                    .thenAccept(stored -> note(stored.partition(), stored.offset(), value))
                    .exceptionally(failure -> complain("a record was not taken: " + failure));
        }
        producer.flush();
    }

    /** Text that compresses badly, so that there are segments of some size. */
    private String noise() {
        byte[] bytes = new byte[VALUE_BYTES / 2];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private synchronized void note(TopicPartition partition, long offset, String value) {
        List<String> values = acknowledged.computeIfAbsent(partition, none -> new ArrayList<>());
        while (values.size() <= offset) {
            values.add("");
        }
        values.set((int) offset, value);
    }

    private synchronized Void complain(String violation) {
        violations.add(violation);
        story.accept("VIOLATION " + violation);
        return null;
    }

    private void rot(EmbeddedCluster cluster, FlotillaClient client, Producer producer, int number) throws IOException {
        Path data = directory.resolve("broker-" + VICTIM);
        cluster.stop(VICTIM);
        BitFlip flip = BitFlip.draw(data, random);
        flip.apply();
        send(producer, RECORDS_EACH_TIME);
        Fate fate = fateOf(cluster, client, producer);
        story.accept(number + ": " + fate + ", " + flip.kind() + " " + data.relativize(flip.file()) + " byte "
                + flip.position() + " bit " + flip.bit());
        fates.computeIfAbsent(flip.kind(), none -> new TreeMap<>()).merge(fate, 1, Integer::sum);
        checkReads(client, flip);
        if (fate != Fate.SOUND) {
            undo(cluster, client, producer, flip);
        }
    }

    private Fate fateOf(EmbeddedCluster cluster, FlotillaClient client, Producer producer) throws IOException {
        try {
            cluster.restart(VICTIM);
        } catch (IOException | RuntimeException refused) {
            story.accept("  refused: "
                    + String.valueOf(refused.getMessage()).lines().findFirst().orElse(""));
            return Fate.REFUSED;
        }
        send(producer, RECORDS_EACH_TIME);
        var look = new Look(client);
        try {
            Awaiting.until(PATIENCE, "broker " + VICTIM + " to be sound", look::isSound, look::toString);
        } catch (IllegalStateException unsound) {
            story.accept("  " + unsound.getMessage());
        }
        return look.fate;
    }

    /** One look after the other at the broker that starts. */
    private final class Look {
        private final FlotillaClient client;
        private Fate fate = Fate.UNNOTICED;
        private String state = "";

        Look(FlotillaClient client) {
            this.client = client;
        }

        boolean isSound() {
            try {
                BrokerStatus status = client.admin().describeBroker(VICTIM);
                state = status.toString();
                boolean stopped = status.replicas().size() < PARTITIONS
                        || status.replicas().stream().anyMatch(replica -> replica.role() == ReplicaRole.FAILED);
                fate = stopped ? Fate.STOPPED : Fate.UNNOTICED;
                if (!stopped && settled() && identical(client)) {
                    fate = Fate.SOUND;
                }
            } catch (LogException | IOException notYet) {
                fate = Fate.STOPPED;
                state = notYet.toString();
            }
            return fate == Fate.SOUND;
        }

        private boolean settled() {
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (int id = 1; id <= BROKERS; id++) {
                for (var replica : client.admin().describeBroker(id).replicas()) {
                    Long before = ends.putIfAbsent(replica.partition(), replica.highWatermark());
                    if (before != null && before != replica.highWatermark()) {
                        return false;
                    }
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return state;
        }
    }

    private boolean identical(FlotillaClient client) throws IOException {
        return SegmentDigests.of(client.admin().describeTopic(TOPIC), id -> directory.resolve("broker-" + id)).stream()
                .allMatch(PartitionDigests::identical);
    }

    private void checkReads(FlotillaClient client, BitFlip flip) {
        Map<TopicPartition, List<String>> read = new HashMap<>();
        try (io.flotilla.client.Consumer consumer = client.consumer()) {
            List<TopicPartition> partitions = ReadBack.partitionsOf(TOPIC, PARTITIONS);
            consumer.assign(partitions);
            Awaiting.until(
                    TIMEOUT,
                    "all that was acknowledged",
                    () -> {
                        for (ConsumerRecord record : consumer.poll(Duration.ofMillis(100))) {
                            read.computeIfAbsent(record.partition(), none -> new ArrayList<>())
                                    .add(new String(record.value(), StandardCharsets.UTF_8));
                        }
                        return count(read) >= count(acknowledged);
                    },
                    () -> count(read) + " of " + count(acknowledged) + " records");
        } catch (IllegalStateException | LogException missing) {
            complain("after " + flip + ": " + missing.getMessage());
            return;
        }
        if (!read.equals(acknowledged)) {
            complain("after " + flip + " other records are read than were acknowledged");
        }
    }

    private static int count(Map<TopicPartition, List<String>> values) {
        return values.values().stream().mapToInt(List::size).sum();
    }

    /** Takes the damage back, so that the next flip finds a sound broker. */
    private void undo(EmbeddedCluster cluster, FlotillaClient client, Producer producer, BitFlip flip)
            throws IOException {
        cluster.stop(VICTIM);
        if (Files.exists(flip.file()) && Files.size(flip.file()) > flip.position()) {
            flip.apply();
        }
        if (fateOf(cluster, client, producer) != Fate.SOUND) {
            throw new IllegalStateException(
                    "broker " + VICTIM + " is not sound after the damage was taken back: " + flip);
        }
    }
}
