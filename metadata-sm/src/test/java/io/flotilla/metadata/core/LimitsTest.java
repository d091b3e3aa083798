package io.flotilla.metadata.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.ChangeGroups;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.GroupCommand.Commit;
import io.flotilla.metadata.group.GroupCommand.CommitOffsets;
import io.flotilla.metadata.group.GroupCommand.Position;
import io.flotilla.metadata.group.GroupLimits;
import io.flotilla.metadata.group.GroupResult.Committed;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sizes that the limits promise. */
class LimitsTest {
    @Test
    void shouldKeepTheLargestReportBelowHalfARaftEntry() {
        List<PeerId> voters = largestReplicas();
        List<LeaderReport> reports = new ArrayList<>();
        for (int n = 0; n < Limits.LEADER_REPORTS_MAX; n++) {
            PartitionId partition = new PartitionId(new UUID(-1, n), Limits.TOPIC_PARTITIONS_MAX - 1);
            reports.add(new LeaderReport(partition, Integer.MAX_VALUE, Integer.MAX_VALUE, voters));
        }

        assertThat(CommandFormat.encode(new ReportLeaders(reports)).remaining()).isLessThan(512 << 10);
    }

    @Test
    void shouldKeepTheLargestImageBelow8MiB() throws IOException {
        List<PeerId> replicas = largestReplicas();
        List<PartitionAssignment> partitions = IntStream.range(0, Limits.TOPIC_PARTITIONS_MAX)
                .mapToObj(partition -> PartitionAssignment.unled(partition, replicas)
                        .ledBy(replicas.get(0).nodeId(), Integer.MAX_VALUE))
                .toList();
        List<Topic> topics = IntStream.range(0, Limits.CLUSTER_PARTITIONS_MAX / Limits.TOPIC_PARTITIONS_MAX)
                .mapToObj(n -> new Topic(new UUID(0, n), "topic-" + n, replicas.size(), Map.of(), partitions))
                .toList();
        MetadataImage image = MetadataImage.of(Fixtures.CLUSTER, 1, 0, List.of(), topics);

        byte[] encoded = ImageFormat.encode(image);

        assertThat(encoded.length).isLessThan(8 << 20);
        assertThat(ImageFormat.decode(encoded)).isEqualTo(image);
    }

    /** As many offsets as there is room for, with metadata of characters that take three bytes each. */
    @Test
    void shouldKeepAllGroupsBelow52MiB() throws IOException {
        MetadataImage image = MetadataImage.empty(Fixtures.CLUSTER);
        String metadata = "€".repeat(GroupLimits.METADATA_BYTES_MAX / 3);
        Groups groups = Groups.NONE;
        boolean full = false;
        for (int n = 0; !full; n++) {
            List<Position> positions = new ArrayList<>();
            for (int partition = 0; partition < GroupLimits.COMMIT_PARTITIONS_MAX; partition++) {
                positions.add(new Position(
                        new PartitionId(new UUID(-1, n), partition), Long.MAX_VALUE, Integer.MAX_VALUE - 1, metadata));
            }
            Commit commit = new Commit("group-" + n, Optional.empty(), positions);
            Applied applied = Transition.apply(
                    image, groups, new ChangeGroups(new CommitOffsets(List.of(commit), Long.MAX_VALUE)));
            Committed committed = (Committed)
                    applied.outcome().resultAs(Result.GroupsChanged.class).change();
            full = committed.answers().get(0).refusal().equals(Optional.of(ErrorCode.CONFLICT));
            groups = applied.changedGroups().orElseThrow();
        }

        Snapshot snapshot = new Snapshot(LogPosition.NONE, image, groups, false);
        ByteBuffer encoded = SnapshotFile.encode(snapshot);

        assertThat(groups.size()).isGreaterThan(1);
        assertThat(encoded.remaining()).isLessThan(52 << 20);
        assertThat(SnapshotFile.decode(encoded)).isEqualTo(snapshot);
    }

    @Test
    void shouldRefuseToEncodeACommandThatNoEntryCanHold() {
        CreateTopic huge = new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of("x", "y".repeat(1 << 20)));

        assertThatThrownBy(() -> CommandFormat.encode(huge))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("ask for less");
    }

    private static List<PeerId> largestReplicas() {
        return IntStream.range(Limits.BROKERS_MAX - Limits.REPLICATION_FACTOR_MAX, Limits.BROKERS_MAX)
                .mapToObj(id -> PeerId.of(id, "d".repeat(64)))
                .toList();
    }
}
