package io.flotilla.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GroupLagTest {
    private static final UUID ID = new UUID(0, 1);
    private static final List<PeerId> REPLICAS = List.of(new PeerId("1-dir_1"));
    private static final MetadataImage IMAGE = MetadataImage.of(
            "c",
            1,
            0,
            List.of(),
            List.of(new Topic(
                    ID,
                    "t",
                    1,
                    Map.of(),
                    List.of(PartitionAssignment.unled(0, REPLICAS), PartitionAssignment.unled(1, REPLICAS)))));

    private static PartitionId partition(int number) {
        return new PartitionId(ID, number);
    }

    private static GroupEntry group(String name, Map<PartitionId, CommittedOffset> offsets) {
        return GroupEntry.empty(name, 0).withOffsets(offsets);
    }

    private static CommittedOffset at(long offset) {
        return new CommittedOffset(offset, CommittedOffset.UNKNOWN_EPOCH, "", 0);
    }

    @Test
    void shouldAddUpWhatIsKnownByTopic() {
        List<GroupEntry> groups = List.of(
                group("a", Map.of(partition(0), at(3), partition(1), at(10))),
                group("b", Map.of(partition(1), at(0), new PartitionId(new UUID(0, 2), 0), at(0))),
                group("c", Map.of()));

        assertThat(GroupLag.lagsOf(IMAGE, groups, Map.of(partition(0), 10L, partition(1), 12L)))
                .containsExactly(new GroupLag.Lag("a", "t", 9), new GroupLag.Lag("b", "t", 12));
        assertThat(GroupLag.lagsOf(IMAGE, groups, Map.of(partition(1), 9L)))
                .as("an end that is behind what was committed, as on a follower")
                .containsExactly(new GroupLag.Lag("a", "t", 0), new GroupLag.Lag("b", "t", 9));
    }
}
