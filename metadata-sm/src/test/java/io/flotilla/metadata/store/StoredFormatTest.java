package io.flotilla.metadata.store;

import static io.flotilla.metadata.Fixtures.accepted;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.core.Transition;
import io.flotilla.metadata.group.AssignorKind;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes stored by version 1 must be read for ever. The examples under {@code stored/v1} are never regenerated; those of
 * commands and fields that came later were added beside.
 */
class StoredFormatTest {
    private static final UUID TOPIC_ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static final MetadataCommand CREATE_TOPIC =
            new MetadataCommand.CreateTopic(TOPIC_ID, "orders", 2, 2, Map.of("segment.bytes", "1048576"));
    private static final MetadataCommand REPORT_LEADERS =
            new MetadataCommand.ReportLeaders(List.of(new LeaderReport(new PartitionId(TOPIC_ID, 1), 3, 2, List.of())));

    private static final MetadataCommand RECOVERED_REPORT = new MetadataCommand.ReportLeaders(
            List.of(new LeaderReport(new PartitionId(TOPIC_ID, 0), 1_001, 1, List.of(new PeerId("1-dir_1")), 1, 500)));

    private static final MetadataCommand DELETE_TOPIC_WITH_GRACE =
            new MetadataCommand.DeleteTopic("orders", 1_700_000_000_000L, 3_600_000);

    static Snapshot snapshot() {
        MetadataImage image = imageAfter(
                broker(1),
                broker(2, "dir_2", "rack-b"),
                CREATE_TOPIC,
                REPORT_LEADERS,
                new MetadataCommand.AllocateProducerIds(1_000));
        return new Snapshot(new LogPosition(4, 17), image);
    }

    /** With one topic that was deleted and is kept. */
    static Snapshot snapshotWithDeletedTopic() {
        MetadataImage image = imageAfter(
                broker(1),
                broker(2, "dir_2", "rack-b"),
                CREATE_TOPIC,
                REPORT_LEADERS,
                DELETE_TOPIC_WITH_GRACE,
                new MetadataCommand.CreateTopic(new UUID(0, 1), "orders", 1, 1, Map.of()));
        return new Snapshot(new LogPosition(4, 18), image);
    }

    private static final MetadataCommand RECOVER = new MetadataCommand.StartOperation(
            new UUID(4, 2),
            new Job.Recover(new PartitionId(TOPIC_ID, 1), new PeerId("1-dir_1"), List.of(new PeerId("2-dir_2")), 1),
            1_700_000_000_000L);

    /** With one partition that is being recovered and one that was. */
    static Snapshot snapshotWithRecoveries() {
        MetadataImage image = imageAfter(
                broker(1),
                broker(2, "dir_2", "rack-b"),
                CREATE_TOPIC,
                REPORT_LEADERS,
                new MetadataCommand.FenceBroker(2, "dir_2", 1_700_000_000_000L),
                new MetadataCommand.StartOperation(
                        new UUID(4, 1),
                        new Job.Recover(
                                new PartitionId(TOPIC_ID, 0), new PeerId("1-dir_1"), List.of(new PeerId("2-dir_2")), 1),
                        1_700_000_000_000L),
                RECOVERED_REPORT,
                RECOVER);
        return new Snapshot(new LogPosition(4, 19), image);
    }

    private static final long NOW = 1_700_000_000_000L;

    private static final GroupCommand JOIN = join("m", Optional.of("i"));

    private static final GroupCommand COMMIT = new GroupCommand.CommitOffsets(
            List.of(
                    new GroupCommand.Commit(
                            "g",
                            Optional.of(new GroupCommand.Committer("m", 1)),
                            List.of(new GroupCommand.Position(new PartitionId(TOPIC_ID, 0), 41, 3, "note"))),
                    new GroupCommand.Commit(
                            "h",
                            Optional.empty(),
                            List.of(new GroupCommand.Position(
                                    new PartitionId(TOPIC_ID, 1), 5, CommittedOffset.UNKNOWN_EPOCH, "")))),
            NOW);

    private static GroupCommand join(String member, Optional<String> instance) {
        return new GroupCommand.Join(
                "g",
                new MemberInfo(member, instance, "client", "host", Optional.of(AssignorKind.RANGE), 45_000, 300_000),
                new TreeSet<>(Set.of("orders")),
                false,
                NOW);
    }

    private static MetadataCommand groups(GroupCommand command) {
        return new MetadataCommand.ChangeGroups(command);
    }

    /** With a group that hands a partition over, and one that has committed offsets only. */
    static Snapshot snapshotWithGroups() {
        Snapshot plain = snapshot();
        Groups groups = Groups.NONE;
        for (GroupCommand command : List.of(JOIN, COMMIT, join("n", Optional.empty()))) {
            groups = accepted(Transition.apply(plain.image(), groups, groups(command)))
                    .changedGroups()
                    .orElseThrow();
        }
        return new Snapshot(new LogPosition(4, 20), plain.image(), groups, false);
    }

    @Test
    void shouldReadAndWriteASnapshotWithGroupsAsStored() throws IOException {
        assertThat(SnapshotFile.decode(ByteBuffer.wrap(stored("snapshot-groups"))))
                .isEqualTo(snapshotWithGroups());
        assertThat(hex(SnapshotFile.encode(snapshotWithGroups())))
                .isEqualTo(HexFormat.of().formatHex(stored("snapshot-groups")));
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                Arguments.of("command-register-broker", broker(2, "dir_2", "rack-b")),
                Arguments.of("command-create-topic", CREATE_TOPIC),
                Arguments.of("command-delete-topic", new MetadataCommand.DeleteTopic("orders")),
                Arguments.of("command-delete-topic-with-grace", DELETE_TOPIC_WITH_GRACE),
                Arguments.of("command-add-partitions", new MetadataCommand.AddPartitions("orders", 12)),
                Arguments.of(
                        "command-alter-topic-config",
                        new MetadataCommand.AlterTopicConfig(
                                "orders",
                                Map.of("retention.ms", "60000"),
                                Set.of("segment.bytes", "max.message.bytes"))),
                Arguments.of("command-undelete-topic", new MetadataCommand.UndeleteTopic("orders")),
                Arguments.of(
                        "command-once",
                        new MetadataCommand.Once(new UUID(1, 2), new MetadataCommand.DeleteTopic("orders"))),
                Arguments.of("command-purge-topic", new MetadataCommand.PurgeTopic(TOPIC_ID, 1_700_003_600_000L)),
                Arguments.of("command-raise-feature-level", new MetadataCommand.RaiseFeatureLevel(2)),
                Arguments.of("command-report-leaders", REPORT_LEADERS),
                Arguments.of("command-report-leaders-recovered", RECOVERED_REPORT),
                Arguments.of("command-start-operation-recover", RECOVER),
                Arguments.of("command-group-join", groups(JOIN)),
                Arguments.of(
                        "command-group-subscribe",
                        groups(new GroupCommand.Subscribe("g", "m", new TreeSet<>(Set.of("orders")), NOW))),
                Arguments.of("command-group-acknowledge", groups(new GroupCommand.Acknowledge("g", "m", 3))),
                Arguments.of("command-group-leave", groups(new GroupCommand.Leave("g", "m", true, "m has left", NOW))),
                Arguments.of("command-group-follow-topics", groups(new GroupCommand.FollowTopics(NOW))),
                Arguments.of("command-group-commit-offsets", groups(COMMIT)),
                Arguments.of(
                        "command-group-reset-offsets",
                        groups(GroupCommand.ResetOffsets.of("g", Map.of(new PartitionId(TOPIC_ID, 1), 7L), NOW))),
                Arguments.of("command-group-delete", groups(new GroupCommand.DeleteGroup("g"))),
                Arguments.of(
                        "command-group-delete-offsets",
                        groups(new GroupCommand.DeleteOffsets("g", List.of(new PartitionId(TOPIC_ID, 1))))),
                Arguments.of("command-group-expire", groups(new GroupCommand.Expire(List.of("g", "h"), NOW))),
                Arguments.of("command-allocate-producer-ids", new MetadataCommand.AllocateProducerIds(1_000)));
    }

    static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static byte[] stored(String name) throws IOException {
        try (InputStream resource = StoredFormatTest.class.getResourceAsStream("/stored/v1/" + name + ".hex")) {
            assertThat(resource).as("example %s", name).isNotNull();
            String digits = new String(resource.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return HexFormat.of().parseHex(digits);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void shouldReadStoredCommandsOfVersion1(String name, MetadataCommand command) throws IOException {
        assertThat(CommandFormat.decode(ByteBuffer.wrap(stored(name)))).isEqualTo(command);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void shouldStillWriteCommandsAsVersion1(String name, MetadataCommand command) throws IOException {
        assertThat(hex(CommandFormat.encode(command))).isEqualTo(HexFormat.of().formatHex(stored(name)));
    }

    @Test
    void shouldReadAStoredSnapshotOfVersion1(@TempDir Path directory) throws IOException {
        Files.write(directory.resolve("metadata.snapshot"), stored("snapshot"));

        assertThat(SnapshotFile.in(directory).read()).contains(snapshot());
    }

    @Test
    void shouldReadAndWriteASnapshotWithADeletedTopicAsStored() throws IOException {
        assertThat(SnapshotFile.decode(ByteBuffer.wrap(stored("snapshot-deleted-topic"))))
                .isEqualTo(snapshotWithDeletedTopic());
        assertThat(hex(SnapshotFile.encode(snapshotWithDeletedTopic())))
                .isEqualTo(HexFormat.of().formatHex(stored("snapshot-deleted-topic")));
    }

    @Test
    void shouldReadAndWriteASnapshotWithRecoveriesAsStored() throws IOException {
        assertThat(SnapshotFile.decode(ByteBuffer.wrap(stored("snapshot-recoveries"))))
                .isEqualTo(snapshotWithRecoveries());
        assertThat(hex(SnapshotFile.encode(snapshotWithRecoveries())))
                .isEqualTo(HexFormat.of().formatHex(stored("snapshot-recoveries")));
    }

    @Test
    void shouldStillWriteSnapshotsAsVersion1(@TempDir Path directory) throws IOException {
        SnapshotFile.in(directory).write(snapshot());

        assertThat(directory.resolve("metadata.snapshot")).hasBinaryContent(stored("snapshot"));
    }

    @Test
    void shouldReadAndWriteAFetchedSnapshotAsStored() throws IOException {
        Snapshot fetched = new Snapshot(snapshot().position(), snapshot().image(), Groups.NONE, true);

        assertThat(SnapshotFile.decode(ByteBuffer.wrap(stored("snapshot-fetched"))))
                .isEqualTo(fetched);
        assertThat(hex(SnapshotFile.encode(fetched))).isEqualTo(HexFormat.of().formatHex(stored("snapshot-fetched")));
    }

    @Test
    void shouldRefuseEveryFlippedBitOfACommand() throws IOException {
        byte[] good = stored("command-create-topic");
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);

            assertThatThrownBy(() -> CommandFormat.decode(ByteBuffer.wrap(bad)))
                    .as("bit %d", bit)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("corrupt");
        }
    }

    @Test
    void shouldRefuseEveryShortenedSnapshot(@TempDir Path directory) throws IOException {
        byte[] good = stored("snapshot");
        for (int length = 0; length < good.length; length++) {
            Files.write(directory.resolve("metadata.snapshot"), Arrays.copyOf(good, length));

            assertThatThrownBy(() -> SnapshotFile.in(directory).read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("metadata.snapshot")
                    .hasMessageContaining("corrupt");
        }
    }

    @Test
    void shouldAskForANewerBrokerWhenTheVersionIsNewer() {
        byte[] newer =
                new Frame(0x464C_4D43, "metadata command", 10).wrap(new byte[2]).array();
        newer[5] = 2;
        CRC32C crc = new CRC32C();
        crc.update(newer, 0, 12);
        crc.update(newer, 16, 2);
        ByteBuffer.wrap(newer).putInt(12, (int) crc.getValue());

        assertThatThrownBy(() -> CommandFormat.decode(ByteBuffer.wrap(newer)))
                .hasMessageContaining("version 2.0")
                .hasMessageContaining("newer broker");
    }

    @Test
    void shouldFindNoSnapshotInANewFolderAndIgnoreAnUnfinishedOne(@TempDir Path parent) throws IOException {
        Path directory = parent.resolve("metadata");
        SnapshotFile file = SnapshotFile.in(directory);
        Files.write(directory.resolve("metadata.snapshot.tmp"), new byte[] {1, 2, 3});

        assertThat(file.read()).isEmpty();

        file.write(snapshot());
        assertThat(file.read()).contains(snapshot());
        assertThat(directory.resolve("metadata.snapshot.tmp")).doesNotExist();
    }
}
