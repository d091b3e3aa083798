package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplicaPlanTest {
    private static final PeerId SELF = new PeerId("1-d1");

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();

    @Test
    void shouldCreateWhatIsAssignedAndMissing() {
        Topic topic = metadata.create("t", 3, 3);

        ReplicaPlan plan = ReplicaPlan.between(metadata.image(), SELF, Map.of(topic.partitionId(1), 0));

        assertThat(plan.deletes()).isEmpty();
        assertThat(plan.creates())
                .extracting(ReplicaPlan.Creation::id)
                .containsExactly(topic.partitionId(0), topic.partitionId(2));
        assertThat(plan.creates().get(0).settings()).isEqualTo(PartitionSettings.DEFAULT);
        assertThat(plan.creates().get(0).peers())
                .containsExactlyInAnyOrder(
                        new Peer(SELF, "host-1", 9001),
                        new Peer(new PeerId("2-d2"), "host-2", 9002),
                        new Peer(new PeerId("3-d3"), "host-3", 9003));
    }

    @Test
    void shouldLeaveOtherBrokersReplicasAlone() {
        Topic topic = metadata.create("t", 3, 1);

        ReplicaPlan plan = ReplicaPlan.between(metadata.image(), SELF, Map.of());

        assertThat(plan.creates()).extracting(ReplicaPlan.Creation::id).containsExactly(topic.partitionId(0));
    }

    @Test
    void shouldNotFillAWipedDiskWithEmptyVoters() {
        metadata.create("t", 3, 3);
        metadata.register(1, "wiped");

        ReplicaPlan plan = ReplicaPlan.between(metadata.image(), new PeerId("1-wiped"), Map.of());

        assertThat(plan.creates()).isEmpty();
    }

    @Test
    void shouldWaitUntilEveryBrokerOfAReplicaIsRegistered() {
        Topic topic = metadata.create("t", 1, 3);
        MetadataImage all = metadata.image();
        MetadataImage two = MetadataImage.of(
                all.clusterId(),
                all.version(),
                0,
                List.of(all.broker(1).orElseThrow(), all.broker(2).orElseThrow()),
                List.of(topic));

        assertThat(ReplicaPlan.between(two, SELF, Map.of()).creates()).isEmpty();
    }

    @Test
    void shouldDeleteReplicasOfTopicsThatAreGone() {
        Topic kept = metadata.create("kept", 1, 3);
        PartitionId gone = new PartitionId(new UUID(7, 7), 4);

        ReplicaPlan plan = ReplicaPlan.between(metadata.image(), SELF, Map.of(kept.partitionId(0), 0, gone, 0));

        assertThat(plan.deletes()).containsExactly(gone);
        assertThat(plan.creates()).isEmpty();
    }

    @Test
    void shouldKeepReplicasOfADeletedTopicUntilItIsPurged() {
        Topic topic = metadata.create("t", 2, 3);
        metadata.change(new DeleteTopic("t", 5, 10));

        ReplicaPlan deleted = ReplicaPlan.between(metadata.image(), SELF, Map.of(topic.partitionId(0), 0));
        metadata.change(new PurgeTopic(topic.id(), 15));
        ReplicaPlan purged = ReplicaPlan.between(metadata.image(), SELF, Map.of(topic.partitionId(0), 0));

        assertThat(deleted.deletes()).isEmpty();
        assertThat(deleted.creates()).isEmpty();
        assertThat(purged.deletes()).containsExactly(topic.partitionId(0));
    }

    @Test
    void shouldTellATopicMadeAgainFromItsFormerSelf() {
        PartitionId former = new PartitionId(new UUID(7, 7), 0);
        Topic again = metadata.create("t", 1, 3);

        ReplicaPlan plan = ReplicaPlan.between(metadata.image(), SELF, Map.of(former, 0));

        assertThat(plan.deletes()).containsExactly(former);
        assertThat(plan.creates()).extracting(ReplicaPlan.Creation::id).containsExactly(again.partitionId(0));
    }
}
