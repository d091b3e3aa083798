package io.flotilla.raftlog.partition;

import static io.flotilla.raftlog.partition.StorageCluster.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose own files are damaged, but not its Raft log, gets them back from the others. */
class RepairTest {
    private static final int RECORDS = 100;

    private StorageCluster cluster;
    private int damaged;

    @BeforeEach
    void startAndStopAFollower(@TempDir Path folder) throws IOException {
        cluster = new StorageCluster(folder);
        cluster.append(0, RECORDS);
        cluster.awaitEqual(RECORDS);
        damaged = cluster.follower();
        cluster.stop(damaged);
    }

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(cluster.replica(damaged))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    private void corruptCheckpoint() throws IOException {
        Path checkpoint = cluster.replica(damaged).resolve(CheckpointFile.NAME);
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[40] ^= 1;
        Files.write(checkpoint, bytes);
    }

    private List<String> quarantined() throws IOException {
        Path quarantine = cluster.data(damaged).resolve("quarantine").resolve("partitions");
        if (!Files.exists(quarantine)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(quarantine)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private void assertRepaired() throws IOException {
        cluster.awaitEqual(RECORDS);
        cluster.append(RECORDS, 5);
        cluster.awaitEqual(RECORDS + 5);
        Map<String, byte[]> expected = cluster.segmentsOf(cluster.leader());
        Map<String, byte[]> actual = cluster.segmentsOf(damaged);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, bytes) -> assertThat(actual.get(name)).isEqualTo(bytes));
        assertThat(cluster.broker(damaged).partition().failure()).isEmpty();
    }

    @Test
    void shouldFetchOnlyASegmentThatIsMissing() throws IOException {
        Path missing = segments().get(1);
        long bytes = Files.size(missing);
        Files.delete(missing);

        cluster.start(damaged);

        assertRepaired();
        assertThat(cluster.broker(damaged).storage().fetchedBytes()).isEqualTo(bytes);
        assertThat(quarantined()).containsExactly(CheckpointFile.NAME);
    }

    @Test
    void shouldFetchTheRestOfASegmentThatIsShort() throws IOException {
        Path shortened = segments().get(0);
        cut(shortened, 1_000);

        cluster.start(damaged);

        assertRepaired();
        assertThat(quarantined())
                .containsExactlyInAnyOrder(
                        CheckpointFile.NAME, shortened.getFileName().toString());
    }

    @Test
    void shouldReplaceACorruptCheckpoint() throws IOException {
        corruptCheckpoint();

        cluster.start(damaged);

        assertRepaired();
        assertThat(quarantined()).contains(CheckpointFile.NAME);
        assertThat(cluster.broker(damaged).partition().settings())
                .isEqualTo(cluster.broker(cluster.leader()).partition().settings());
    }

    @Test
    void shouldRepairAReplicaThatIsFoundDamagedWhileItRuns() throws IOException {
        cluster.start(damaged);
        cluster.awaitEqual(RECORDS);
        Partition partition = cluster.broker(damaged).partition();
        try (FileChannel first = FileChannel.open(segments().get(0), StandardOpenOption.WRITE)) {
            first.write(ByteBuffer.allocate(Integer.BYTES), Long.BYTES); // the length of the first batch
        }
        PartitionHost storage = cluster.broker(damaged).storage();

        assertThatThrownBy(() -> partition.read(0, 1)).isInstanceOf(Refused.class);
        assertThat(partition.leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        storage.repair(StorageCluster.ID);
        storage.repair(StorageCluster.ID);

        waiting().until(() -> partition.failure().isEmpty());
        assertRepaired();
    }

    @Test
    void shouldStayStoppedAndTryAgainWhileNobodyGivesTheFiles() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        cluster.beforeAsk((node, read) -> {
            asked.incrementAndGet();
            throw new IOException("the network is down");
        });
        Files.delete(segments().get(1));

        cluster.start(damaged);
        waiting().until(() -> asked.get() > 3);

        Partition partition = cluster.broker(damaged).partition();
        assertThat(partition.failure()).containsInstanceOf(DamagedState.class);
        assertThat(partition.leadership().role()).isEqualTo(Leadership.Role.STOPPED);
        cluster.beforeAsk((node, read) -> {});
        assertRepaired();
    }

    private void deleteRaftLog() throws IOException {
        try (Stream<Path> files = Files.list(cluster.raftLog(damaged))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("log_"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void shouldRejoinWithoutARaftLog() throws IOException {
        deleteRaftLog();

        cluster.start(damaged);
        cluster.awaitRepaired(damaged);

        assertRepaired();
        assertThat(cluster.broker(damaged).storage().fetchedBytes()).isZero();
    }

    @Test
    void shouldRejoinWithoutARaftFolder() throws IOException {
        DurableFiles.deleteFolder(cluster.raftFolder(damaged));

        cluster.start(damaged);
        cluster.awaitRepaired(damaged);

        assertRepaired();
    }

    @Test
    void shouldRejoinAndFetchWhatIsMissingWhenTheRaftLogIsGoneToo() throws IOException {
        Path missing = segments().get(1);
        long bytes = Files.size(missing);
        Files.delete(missing);
        deleteRaftLog();

        cluster.start(damaged);
        cluster.awaitRepaired(damaged);

        assertRepaired();
        assertThat(cluster.broker(damaged).storage().fetchedBytes()).isEqualTo(bytes);
    }

    @Test
    void shouldRejoinWhenItLaggedAndItsCheckpointIsCorruptToo() throws IOException {
        corruptCheckpoint();
        cluster.append(RECORDS, 100);

        cluster.start(damaged);
        cluster.awaitRepaired(damaged);

        cluster.awaitEqual(RECORDS + 100);
    }

    @Test
    void shouldRejoinWithNeitherReplicaNorRaftFiles() throws IOException {
        DurableFiles.deleteFolder(cluster.raftFolder(damaged));
        corruptCheckpoint();
        for (Path segment : segments()) {
            Files.delete(segment);
        }

        cluster.start(damaged);
        cluster.awaitRepaired(damaged);

        assertRepaired();
    }

    @Test
    void shouldNotTrustTheCheckpointOfAnotherPartition() throws IOException {
        CheckpointFile.write(
                cluster.replica(damaged),
                Checkpoint.initial(new PartitionId(new UUID(3, 4), 1), PartitionSettings.DEFAULT));

        cluster.start(damaged);
        cluster.awaitRepaired(damaged);

        assertRepaired();
    }

    @Test
    void shouldRepairASegmentThatMostReplicasHaveOtherwise() throws Exception {
        cluster.start(damaged);
        cluster.awaitEqual(RECORDS);
        ScrubSettings often = new ScrubSettings(Duration.ofMillis(50), 64 << 20);
        AutoCloseable others = cluster.startScrubbing(often, node -> node != damaged);
        try (FileChannel first = FileChannel.open(segments().get(0), StandardOpenOption.WRITE)) {
            ByteBuffer epoch =
                    ByteBuffer.allocate(Integer.BYTES).putInt(0x7F00_0000).flip();
            first.write(epoch, Long.BYTES + Integer.BYTES); // of the first batch, outside its CRC
        }
        try (others;
                AutoCloseable mine = cluster.startScrubbing(often, node -> node == damaged)) {
            waiting().until(() -> cluster.broker(damaged).partition().failure().isPresent());
        }

        cluster.awaitRepaired(damaged);
        assertRepaired();
    }
}
