package io.flotilla.raftlog.partition;

import static io.flotilla.raftlog.partition.StorageCluster.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three replicas goes on alone: with all that it has, in another Raft group, whatever interrupts it. */
class RecoveryTest {
    private static final PartitionSettings SETTINGS = new PartitionSettings(64 << 10, 32 << 10);
    private static final int RECORDS = 60;
    private static final int EPOCH_MIN = 1_000;
    private static final GroupId HEIR = ID.groupId(1);

    private StorageCluster cluster;
    private int survivor;
    private List<Integer> lost;

    @BeforeEach
    void leaveTheLeaderAlone(@TempDir Path folder) throws IOException {
        cluster = new StorageCluster(folder);
        cluster.append(0, RECORDS);
        cluster.awaitEqual(RECORDS);
        survivor = cluster.leader();
        lost = Stream.of(1, 2, 3).filter(node -> node != survivor).toList();
        for (int node : lost) {
            cluster.stop(node);
        }
    }

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private PartitionHost storage() {
        return cluster.broker(survivor).storage();
    }

    private Partition partition() {
        return cluster.broker(survivor).partition();
    }

    private void recover() throws IOException {
        storage().recover(ID, 1, EPOCH_MIN);
        StorageCluster.waiting().until(() -> partition().leadership().ready());
    }

    private void restart() throws IOException {
        cluster.stop(survivor);
        cluster.start(survivor);
    }

    private void mark(IncarnationMark mark) throws IOException {
        cluster.stop(survivor);
        mark.write(cluster.replica(survivor));
        cluster.start(survivor);
    }

    private Set<PeerId> voters() {
        return Set.copyOf(cluster.broker(survivor).raft().group(HEIR).orElseThrow().peers().stream()
                .map(peer -> peer.id())
                .toList());
    }

    private List<String> quarantined(int node, String kind) throws IOException {
        Path quarantine = cluster.data(node).resolve("quarantine").resolve(kind);
        if (!Files.exists(quarantine)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(quarantine)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void shouldGoOnWithAllThatTheSurvivorHasEvenWhatWasNeverCommitted() throws IOException {
        CompletableFuture<AppendResult> unanswered =
                partition().append(TestBatches.numbered(77, (short) 0, RECORDS, 9_000, "appended by a leader alone"));
        long indexBefore = partition().appliedIndex();
        assertThat(unanswered).isNotDone();
        assertThat(partition().highWatermark()).isEqualTo(RECORDS);

        recover();

        assertThat(partition().highWatermark()).isEqualTo(RECORDS + 1);
        assertThat(partition().logStartOffset()).isZero();
        assertThat(partition().appliedIndex()).isGreaterThan(indexBefore + 1);
        assertThat(partition().leadership().term()).isGreaterThan(EPOCH_MIN);
        assertThat(partition().incarnation()).isEqualTo(1);
        assertThat(storage().incarnations()).containsEntry(ID, 1);
        assertThat(storage().keptEnd(ID)).hasValue(RECORDS + 1);
        assertThat(voters()).containsExactly(PeerId.of(survivor, "d" + survivor));
        assertThat(unanswered).isCompletedExceptionally();
        cluster.append(RECORDS + 1, 5);

        storage().recover(ID, 1, EPOCH_MIN); // once more
        restart();
        storage().recover(ID, 1, EPOCH_MIN);

        cluster.append(RECORDS + 6, 5);
        assertThat(partition().highWatermark()).isEqualTo(RECORDS + 11);
        assertThat(storage().keptEnd(ID)).hasValue(RECORDS + 1);
        assertThat(quarantined(survivor, "raft")).hasSize(1).allMatch(name -> name.startsWith(ID.groupId() + "-"));
        assertThat(quarantined(survivor, "partitions")).isEmpty();
    }

    @Test
    void shouldGoOnWhereACrashHasInterruptedIt() throws IOException {
        IncarnationMark unfinished = new IncarnationMark(1, 0, IncarnationMark.UNKNOWN);
        mark(unfinished);
        assertThat(partition().failure()).get().asString().contains("was interrupted");
        assertThat(storage().incarnations()).containsEntry(ID, 0);
        assertThat(cluster.broker(survivor).raft().group(ID.groupId())).isEmpty();

        recover();
        assertThat(storage().keptEnd(ID)).hasValue(RECORDS);
        assertThat(quarantined(survivor, "raft")).hasSize(1);

        mark(unfinished); // as if it had not been written down that the new group has its files
        StorageCluster.waiting().until(() -> partition().leadership().ready());
        assertThat(storage().incarnations()).containsEntry(ID, 1);
        assertThat(storage().keptEnd(ID)).hasValue(RECORDS);
        cluster.append(RECORDS, 5);
    }

    @Test
    void shouldBeAStrangerToFormerMembersUntilTheyJoinAnew() throws IOException {
        recover();
        cluster.append(RECORDS, 5);
        for (int node : lost) {
            cluster.start(node);
        }
        StorageCluster.waiting().until(() -> lost.stream()
                .anyMatch(node -> cluster.broker(node).partition().leadership().ready()));

        assertThat(voters()).hasSize(1);
        assertThat(partition().highWatermark()).isEqualTo(RECORDS + 5);
        int returning = lost.get(0);
        cluster.stop(lost.get(1));
        PartitionHost storage = cluster.broker(returning).storage();
        storage.putAside(ID);
        assertThat(storage.incarnations()).isEmpty();
        assertThat(quarantined(returning, "partitions")).hasSize(1);
        assertThat(quarantined(returning, "raft")).hasSize(1);
        storage.join(ID, 1, SETTINGS);

        StorageCluster.waiting().until(() -> {
            storage.repair(ID);
            return voters().size() == 2;
        });
        cluster.append(RECORDS + 5, 5);
        cluster.awaitEqual(RECORDS + 10);
        assertThat(cluster.segmentsOf(returning)).usingRecursiveComparison().isEqualTo(cluster.segmentsOf(survivor));
    }
}
