package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    private static final ReconcilerSettings WOKEN_ONLY =
            new ReconcilerSettings(1, Duration.ofHours(1), new Backoff(Duration.ofMillis(1), Duration.ofMillis(10)));

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final FakeReplicas replicas = new FakeReplicas();

    private Reconciler start(long registrationVersion) {
        return Reconciler.start(
                metadata, replicas, new PeerId("1-d1"), FakeMetadata.CLUSTER, registrationVersion, WOKEN_ONLY);
    }

    @Test
    void shouldFollowTheMetadataAsItChanges() {
        try (Reconciler reconciler = start(3)) {
            Topic topic = metadata.create("t", 4, 3);
            await().untilAsserted(() -> assertThat(replicas.present()).hasSize(4));

            metadata.delete("t");
            await().untilAsserted(() -> assertThat(replicas.present()).isEmpty());
            assertThat(metadata.image().topic(topic.id())).isEmpty();
        }
    }

    @Test
    void shouldKeepReplicasThatAnOutdatedImageDoesNotKnow() {
        PartitionId unknownYet = new PartitionId(new UUID(7, 7), 0);
        replicas.peers.put(unknownYet, List.of());

        try (Reconciler reconciler = start(4)) {
            metadata.lag();
            metadata.create("t", 1, 3); // version 4 is known to the voters, and not shown here yet
        }

        assertThat(replicas.present()).containsExactly(unknownYet);

        try (Reconciler reconciler = start(4)) {
            metadata.catchUp();
            await().untilAsserted(() -> assertThat(replicas.present())
                    .containsExactly(metadata.image().topic("t").orElseThrow().partitionId(0)));
        }
    }

    @Test
    void shouldDecideByAnImageOfItsOwnClusterOnly() {
        MetadataImage image = metadata.image();

        assertThat(Reconciler.mayDecide(image, FakeMetadata.CLUSTER, image.version()))
                .isTrue();
        assertThat(Reconciler.mayDecide(image, FakeMetadata.CLUSTER, image.version() + 1))
                .isFalse();
        assertThat(Reconciler.mayDecide(image, "another", image.version())).isFalse();
        assertThat(Reconciler.mayDecide(MetadataImage.empty("c"), "c", 0)).isFalse();
    }

    @Test
    void shouldTryAgainUntilItWorks() {
        try (Reconciler reconciler = start(3)) {
            PartitionId id = new PartitionId(UUID.nameUUIDFromBytes(new byte[] {'t'}), 0);
            replicas.broken.add(id);
            metadata.create("t", 1, 3);
            await().untilAsserted(() -> assertThat(replicas.calls).hasSizeGreaterThan(2));

            replicas.broken.clear();

            await().untilAsserted(() -> assertThat(replicas.present()).containsExactly(id));
        }
    }
}
