package io.flotilla.metadata.store;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.metadata.group.AssignorKind;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupFormatTest {
    private static final MetadataImage IMAGE = imageAfter(broker(1), topic("t", 5, 1), topic("u", 3, 1));

    private static PartitionId partition(Random random) {
        String name = random.nextBoolean() ? "t" : "u";
        return IMAGE.topic(name).orElseThrow().partitionId(random.nextInt(3));
    }

    private static GroupCommand command(Random random) {
        String group = "g" + random.nextInt(3);
        String member = "m" + random.nextInt(6);
        TreeSet<String> topics = new TreeSet<>(random.nextBoolean() ? List.of("t", "u") : List.of("u", "none"));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 ->
                new GroupCommand.Join(
                        group,
                        new MemberInfo(
                                member,
                                random.nextBoolean() ? Optional.of("i" + random.nextInt(3)) : Optional.empty(),
                                "client",
                                "host",
                                random.nextBoolean() ? Optional.of(AssignorKind.RANGE) : Optional.empty(),
                                random.nextInt(1_000),
                                random.nextInt(1_000)),
                        topics,
                        random.nextInt(4) == 0,
                        random.nextInt(1_000));
            case 3 -> new GroupCommand.Subscribe(group, member, topics, random.nextInt(1_000));
            case 4, 5 -> new GroupCommand.Acknowledge(group, member, random.nextInt(10));
            case 6 -> new GroupCommand.Leave(group, member, random.nextBoolean(), "why", random.nextInt(1_000));
            case 7 -> new GroupCommand.FollowTopics(random.nextInt(1_000));
            case 8 -> GroupCommand.ResetOffsets.of(group, Map.of(partition(random), 3L), random.nextInt(1_000));
            case 9 -> new GroupCommand.DeleteOffsets(group, List.of(partition(random)));
            case 10 ->
                random.nextInt(5) == 0
                        ? new GroupCommand.DeleteGroup(group)
                        : new GroupCommand.Expire(List.of(group), random.nextInt(100));
            default -> commits(random, group, member);
        };
    }

    private static GroupCommand commits(Random random, String group, String member) {
        List<GroupCommand.Commit> commits = new ArrayList<>();
        for (int n = random.nextInt(3); n >= 0; n--) {
            commits.add(new GroupCommand.Commit(
                    group,
                    random.nextBoolean()
                            ? Optional.of(new GroupCommand.Committer(member, random.nextInt(5)))
                            : Optional.empty(),
                    List.of(new GroupCommand.Position(
                            partition(random), random.nextLong() >>> 1, random.nextInt(4) - 1, "meta"))));
        }
        return new GroupCommand.CommitOffsets(commits, random.nextInt(1_000));
    }

    /** Whatever happens: bytes give back what they were made of, and what goes on from them goes on alike. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void replayFromASnapshotRepeatsHistory(long seed) throws IOException {
        Random random = new Random(seed);
        Groups groups = Groups.NONE;
        Groups restored = Groups.NONE;
        for (int step = 0; step < 400; step++) {
            MetadataCommand command = new MetadataCommand.ChangeGroups(command(random));
            assertThat(CommandFormat.decode(CommandFormat.encode(command))).isEqualTo(command);

            Applied applied = Transition.apply(IMAGE, groups, command);
            Applied again = Transition.apply(IMAGE, restored, command);

            assertThat(again.outcome()).as("seed %d step %d", seed, step).isEqualTo(applied.outcome());
            groups = applied.changedGroups().orElse(groups);
            restored = again.changedGroups().orElse(restored);
            assertThat(restored).as("seed %d step %d", seed, step).isEqualTo(groups);
            if (random.nextInt(8) == 0) {
                restored = throughASnapshot(groups);
            }
        }
    }

    private static Groups throughASnapshot(Groups groups) throws IOException {
        Snapshot snapshot = new Snapshot(new LogPosition(1, 2), IMAGE, groups, false);
        Snapshot read = SnapshotFile.decode(SnapshotFile.encode(snapshot));
        assertThat(read).isEqualTo(snapshot);
        assertThat(SnapshotFile.encode(read)).as("the same bytes again").isEqualTo(SnapshotFile.encode(snapshot));
        return read.groups();
    }

    static Stream<GroupResult> results() {
        return Stream.of(
                new GroupResult.Changed(1, 2),
                new GroupResult.Committed(List.of(
                        new GroupResult.CommitAnswer(Optional.of(ErrorCode.UNKNOWN_MEMBER), List.of()),
                        new GroupResult.CommitAnswer(Optional.empty(), List.of(0, 3)))),
                new GroupResult.Reset(List.of(-1L, Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @MethodSource("results")
    void shouldBringResultsToTheProposer(GroupResult result) throws IOException {
        Outcome outcome = new Outcome.Accepted(3, new Result.GroupsChanged(result));

        assertThat(OutcomeFormat.decode(OutcomeFormat.encode(outcome))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void shouldRefuseAnIndexOutsideTheTableOfTopics(int index) {
        TopicTable table = new TopicTable(List.of(new UUID(0, 1)));

        assertThatThrownBy(() -> table.at(index))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic index " + index);
    }
}
