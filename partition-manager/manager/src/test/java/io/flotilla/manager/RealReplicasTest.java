package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionHost;
import io.flotilla.raftlog.partition.StorageSettings;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manager's loops over real replicas of one broker. */
class RealReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PeerId SELF = new PeerId("1-d1");

    private static List<Path> replicaFolders(Path data) throws IOException {
        try (Stream<Path> folders = Files.list(data.resolve("partitions"))) {
            return folders.toList();
        }
    }

    @Test
    void shouldCreateReportAndDeleteReplicas(@TempDir Path data) throws IOException {
        FakeMetadata metadata = new FakeMetadata();
        try (PartitionHost partitions = PartitionHost.open(data, StorageSettings.DEFAULT);
                RatisHost raft = RatisHost.open(RaftSettings.in(data.resolve("raft")), SELF, partitions::stateOf)) {
            raft.start();
            partitions.attach(raft);
            Peer peer = raft.peer();
            metadata.register(1, "d1", new Endpoint(peer.host(), peer.port()));
            ReplicaSet replicas = ReplicaSet.of(partitions);

            try (Reconciler reconciler = Reconciler.start(
                            metadata, replicas, SELF, FakeMetadata.CLUSTER, 1, ReconcilerSettings.DEFAULT);
                    LeaderReporter reporter =
                            LeaderReporter.start(metadata, replicas, 1, LeaderReporterSettings.DEFAULT)) {
                Topic topic = metadata.create("t", 2, 1);
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                                metadata.image().topic("t").orElseThrow().partitions())
                        .allSatisfy(partition -> assertThat(partition.leader()).isEqualTo(Optional.of(1))));
                assertThat(replicas.present()).containsExactlyInAnyOrder(topic.partitionId(0), topic.partitionId(1));
                assertThat(replicas.led().keySet()).isEqualTo(replicas.present());
                assertThat(replicaFolders(data)).hasSize(2);

                metadata.delete("t");

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(replicaFolders(data)).isEmpty());
                assertThat(replicas.present()).isEmpty();
            }
        }
    }
}
