package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers' storage on real consensus. */
class ReplicatedPartitionTest {
    private static final PartitionId ID = new PartitionId(new UUID(1, 2), 0);
    private static final PartitionSettings SETTINGS = new PartitionSettings(64 << 10, 32 << 10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Path root;
    private final Map<Integer, Broker> brokers = new TreeMap<>();
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();

    private record Broker(PartitionHost storage, RatisHost raft) implements Closeable {
        Partition partition() {
            return storage.find(ID).orElseThrow();
        }

        @Override
        public void close() throws IOException {
            raft.close();
            storage.close();
        }
    }

    @BeforeEach
    void startBrokers(@TempDir Path folder) throws IOException {
        root = folder;
        for (int node = 1; node <= 3; node++) {
            start(node);
        }
        List<Peer> peers =
                brokers.values().stream().map(broker -> broker.raft().peer()).toList();
        for (Broker broker : brokers.values()) {
            assertThat(broker.storage().create(ID, SETTINGS, peers).failure()).isEmpty();
        }
    }

    @AfterEach
    void stopBrokers() throws IOException {
        SideBySide.close(brokers.values());
    }

    private void start(int node) throws IOException {
        Path data = root.resolve("broker-" + node);
        PartitionHost storage = PartitionHost.open(data, StorageSettings.DEFAULT);
        RaftSettings settings = RaftSettings.in(data.resolve("raft"))
                .withElectionTimeout(Duration.ofMillis(400), Duration.ofMillis(800))
                .withAddress("127.0.0.1", "127.0.0.1", ports.getOrDefault(node, 0));
        RatisHost raft = RatisHost.open(settings, PeerId.of(node, "d" + node), storage::stateOf);
        raft.start();
        storage.attach(raft);
        ports.put(node, raft.peer().port());
        brokers.put(node, new Broker(storage, raft));
    }

    private void stop(int node) throws IOException {
        Optional.ofNullable(brokers.remove(node)).orElseThrow().close();
    }

    private static ConditionFactory waiting() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    private Map.Entry<Integer, Broker> leader() {
        return waiting()
                .until(
                        () -> brokers.entrySet().stream()
                                .filter(broker -> broker.getValue()
                                        .partition()
                                        .leadership()
                                        .ready())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Appends through whoever leads, sending again what failed in a way that allows it. */
    private AppendResult append(int sequence) {
        String value = ("value " + sequence + " ").repeat(200);
        return waiting()
                .ignoreExceptionsMatching(ReplicatedPartitionTest::retriable)
                .until(
                        () -> leader().getValue()
                                .partition()
                                .append(TestBatches.numbered(77, (short) 0, sequence, 1_000 + sequence, value))
                                .join(),
                        result -> result != null);
    }

    private long trim(long offset) {
        return waiting()
                .ignoreExceptionsMatching(ReplicatedPartitionTest::retriable)
                .until(
                        () -> leader().getValue()
                                .partition()
                                .advanceLogStart(offset)
                                .join(),
                        result -> result != null);
    }

    private static boolean retriable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof LogException known && known.code().retriable();
    }

    private Map<String, byte[]> segmentsOf(int node) throws IOException {
        Map<String, byte[]> segments = new TreeMap<>();
        try (Stream<Path> files =
                Files.list(root.resolve("broker-" + node).resolve("partitions").resolve(ID.toString()))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                segments.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return segments;
    }

    @Test
    void shouldKeepReplicasEqualByteByByteWhenLeadersGoAndComeBackAndRecordsAreTrimmed() throws IOException {
        List<Long> offsets = new ArrayList<>();
        long start = 0;
        int sequence = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 40; i++) {
                offsets.add(append(sequence++).baseOffset());
            }
            int stopped = leader().getKey();
            stop(stopped);
            for (int i = 0; i < 20; i++) {
                offsets.add(append(sequence++).baseOffset());
            }
            start = trim(sequence - 55);
            start(stopped);
        }

        assertThat(offsets).isSorted().doesNotHaveDuplicates().hasSize(sequence).endsWith(sequence - 1L);
        long end = sequence;
        waiting().untilAsserted(() -> assertThat(brokers.values())
                .allSatisfy(
                        broker -> assertThat(broker.partition().highWatermark()).isEqualTo(end)));
        long expectedStart = start;
        assertThat(brokers.values())
                .allSatisfy(broker ->
                        assertThat(broker.partition().logStartOffset()).isEqualTo(expectedStart));
        for (int node = 1; node <= 3; node++) {
            stop(node); // so that each deletes what was trimmed
        }
        Map<String, byte[]> expected = segmentsOf(1);
        assertThat(expected).hasSizeGreaterThan(1).doesNotContainKey("00000000000000000000.log");
        for (int node = 2; node <= 3; node++) {
            Map<String, byte[]> actual = segmentsOf(node);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, bytes) -> assertThat(actual.get(name)).isEqualTo(bytes));
        }
    }
}
