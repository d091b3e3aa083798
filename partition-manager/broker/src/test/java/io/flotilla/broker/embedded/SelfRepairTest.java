package io.flotilla.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.grpc.WireClient;
import io.flotilla.protocol.v1.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of three brokers finds its files damaged when it starts, and is a full member again without anybody's help. */
class SelfRepairTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int DAMAGED = 2;

    private final Path folder;

    SelfRepairTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** What is done to the folder of each Raft group, of the partition's as of the metadata's. */
    enum Loss {
        WHOLE_FOLDER {
            @Override
            void happenTo(Path group) throws IOException {
                delete(group);
            }
        },
        LOG {
            @Override
            void happenTo(Path group) throws IOException {
                for (Path file : filesIn(group.resolve("current"))) {
                    if (String.valueOf(file.getFileName()).startsWith("log_")) {
                        Files.delete(file);
                    }
                }
            }
        },
        VOTE {
            @Override
            void happenTo(Path group) throws IOException {
                overwrite(group.resolve("current").resolve("raft-meta"));
            }
        };

        abstract void happenTo(Path group) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldTakePartAgainAfterItsRaftFilesWereLost(Loss loss) throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(3, folder, 0))) {
            TopicPartition partition = topicWithRecords(cluster);
            cluster.stop(DAMAGED); // its last checkpoints prove what its logs must hold
            List<Path> groups = groups();
            assertThat(groups).hasSize(2);
            for (Path group : groups) {
                loss.happenTo(group);
            }
            append(cluster, partition, "while it is away");

            cluster.restart(DAMAGED);
            for (Path group : groups) {
                await().atMost(PATIENCE).until(() -> cameBack(group));
            }

            assertThatTwoAreAMajority(cluster, partition);
        }
    }

    @Test
    void shouldGetTheMetadataFromOtherVotersWhenItsSnapshotIsDamaged() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(3, folder, 0))) {
            TopicPartition partition = topicWithRecords(cluster);
            cluster.stop(DAMAGED);
            overwrite(broker(DAMAGED).resolve("metadata").resolve("metadata.snapshot"));

            cluster.restart(DAMAGED);

            assertThat(filesIn(broker(DAMAGED).resolve("quarantine").resolve("metadata")))
                    .hasSize(1);
            assertThatTwoAreAMajority(cluster, partition);
        }
    }

    @Test
    void shouldMakeAPartitionsReplicaAnewThatIsGone() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(3, folder, 0))) {
            TopicPartition partition = topicWithRecords(cluster);
            cluster.stop(DAMAGED);
            Path replica = replica(DAMAGED);
            Path joined = replica.resolve("joined");
            delete(replica);

            cluster.restart(DAMAGED);
            await().atMost(PATIENCE).until(() -> Files.exists(joined));
            for (Path group : groups()) {
                await().atMost(PATIENCE).until(() -> !Files.exists(group.resolve("rejoining")));
            }

            assertThatTwoAreAMajority(cluster, partition);
        }
    }

    private static TopicPartition topicWithRecords(EmbeddedCluster cluster) throws IOException {
        TopicPartition partition;
        try (WireClient any = new WireClient(cluster.brokers().get(0))) {
            partition = any.createTopic("orders", 3);
        }
        append(cluster, partition, "before");
        return partition;
    }

    /** Without broker 1 nothing is committed unless the one that was damaged votes and acknowledges. */
    private void assertThatTwoAreAMajority(EmbeddedCluster cluster, TopicPartition partition) throws IOException {
        cluster.stop(1);
        append(cluster, partition, "with two");
        try (WireClient any = new WireClient(cluster.brokers().get(0))) {
            any.createTopic("more", 3);
        }
        assertThat(values(cluster, partition)).startsWith("before").endsWith("with two");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(segments(DAMAGED)).isNotEmpty().containsExactlyEntriesOf(segments(3)));
    }

    private Path broker(int node) {
        return folder.resolve("broker-" + node);
    }

    private List<Path> groups() throws IOException {
        return filesIn(broker(DAMAGED).resolve("raft")).stream()
                .filter(Files::isDirectory)
                .filter(path -> !path.endsWith("quarantine"))
                .toList();
    }

    private boolean cameBack(Path group) throws IOException {
        Path quarantine = broker(DAMAGED).resolve("quarantine").resolve("raft");
        boolean setAside = Files.exists(quarantine)
                && filesIn(quarantine).stream().anyMatch(path -> String.valueOf(path.getFileName())
                        .startsWith(String.valueOf(group.getFileName())));
        boolean anew = Files.exists(group.resolve("current").resolve("raft-meta"));
        return anew && !Files.exists(group.resolve("rejoining")) && (setAside || !Files.exists(quarantine));
    }

    /** Of the one partition there is. */
    private Path replica(int node) throws IOException {
        return filesIn(broker(node).resolve("partitions")).get(0);
    }

    private Map<String, String> segments(int node) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path replica : filesIn(broker(node).resolve("partitions"))) {
            for (Path file : filesIn(replica)) {
                if (file.toString().endsWith(".log") && Files.size(file) > 0) {
                    found.put(
                            replica.getFileName() + "/" + file.getFileName(),
                            HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return found;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Replaces a file's bytes by zeroes. */
    private static void overwrite(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) channel.size()), 0);
        }
    }

    private static void append(EmbeddedCluster cluster, TopicPartition partition, String value) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (WireClient client = leaderOf(cluster, partition)) {
                client.append(partition, value);
                return true;
            }
        });
    }

    private static List<String> values(EmbeddedCluster cluster, TopicPartition partition) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            try (WireClient client = leaderOf(cluster, partition)) {
                                return client.values(partition, 0);
                            }
                        },
                        values -> !values.isEmpty());
    }

    private static WireClient leaderOf(EmbeddedCluster cluster, TopicPartition partition) {
        try (WireClient any = new WireClient(cluster.brokers().get(0))) {
            int leader = any.leaderOf(partition.getTopic());
            return new WireClient(cluster.brokers().stream()
                    .filter(broker -> broker.nodeId() == leader)
                    .findFirst()
                    .orElseThrow());
        }
    }
}
