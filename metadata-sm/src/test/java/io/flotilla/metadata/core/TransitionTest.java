package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AllocateProducerIds;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransitionTest {
    private static final MetadataImage THREE_BROKERS = imageAfter(broker(1), broker(2), broker(3));

    private static Outcome.Rejected rejected(MetadataImage before, MetadataCommand command) {
        Applied applied = Transition.apply(before, command);

        assertThat(applied.image()).isSameAs(before);
        assertThat(applied.outcome()).isInstanceOf(Outcome.Rejected.class);
        return (Outcome.Rejected) applied.outcome();
    }

    private static <T extends Result> T result(Applied applied, Class<T> kind) {
        return applied.outcome().resultAs(kind);
    }

    @Nested
    class Brokers {
        @Test
        void shouldRegisterANewBroker() {
            Applied applied = Transition.apply(MetadataImage.empty("c"), broker(7, "abc", "rack-a"));

            BrokerRegistration registration =
                    result(applied, Result.BrokerRegistered.class).broker();
            assertThat(applied.image().version()).isEqualTo(1);
            assertThat(applied.image().broker(7)).contains(registration);
            assertThat(registration.peerId()).isEqualTo(new PeerId("7-abc"));
            assertThat(registration.rack()).isEqualTo("rack-a");
            assertThat(registration.registeredAtMillis()).isEqualTo(Fixtures.NOW_MILLIS);
        }

        @Test
        void shouldUpdateTheEndpointsOfAKnownDirectory() {
            Endpoint moved = new Endpoint("elsewhere", 1234);

            Applied applied = Transition.apply(
                    THREE_BROKERS, new RegisterBroker(2, "dir_2", moved, moved, "r", Fixtures.NOW_MILLIS + 5, 0));

            BrokerRegistration registration = applied.image().broker(2).orElseThrow();
            assertThat(registration.raft()).isEqualTo(moved);
            assertThat(registration.registeredAtMillis()).isEqualTo(Fixtures.NOW_MILLIS);
            assertThat(applied.image().version()).isEqualTo(THREE_BROKERS.version() + 1);
        }

        @Test
        void shouldNotChangeTheVersionWhenNothingIsNew() {
            Applied applied = Transition.apply(THREE_BROKERS, broker(2));

            assertThat(applied.image()).isSameAs(THREE_BROKERS);
            assertThat(applied.outcome()).isInstanceOf(Outcome.Accepted.class);
        }

        @Test
        void shouldAcceptAWipedDiskAtTheSameRaftEndpointAndKeepOldPeersInAssignments() {
            MetadataImage before = imageAfter(broker(1), broker(2), topic("t", 2, 2));

            MetadataImage after =
                    Transition.apply(before, broker(2, "wiped", "")).image();

            assertThat(after.broker(2).orElseThrow().peerId()).isEqualTo(new PeerId("2-wiped"));
            assertThat(after.topic("t")).isEqualTo(before.topic("t"));
            assertThat(after.partition(before.topic("t").orElseThrow().partitionId(0))
                            .orElseThrow()
                            .replicas())
                    .contains(new PeerId("2-dir_2"))
                    .doesNotContain(new PeerId("2-wiped"));
        }

        @Test
        void shouldAcceptTheOldDiskPutBack() {
            MetadataImage wiped =
                    Transition.apply(THREE_BROKERS, broker(2, "wiped", "")).image();

            MetadataImage back = Transition.apply(wiped, broker(2)).image();

            assertThat(back.broker(2).orElseThrow().directoryId()).isEqualTo("dir_2");
        }

        @Test
        void shouldRefuseASecondBrokerOfTheSameIdElsewhere() {
            Endpoint elsewhere = new Endpoint("elsewhere", 9102);

            Outcome.Rejected rejection = rejected(
                    THREE_BROKERS, new RegisterBroker(2, "other", elsewhere, elsewhere, "", Fixtures.NOW_MILLIS, 0));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(rejection.message()).contains("broker id 2", "dir_2", "host-2:9102", "unused id");
            assertThat(rejection.details()).containsEntry("broker_id", "2").containsEntry("directory_id", "other");
        }

        @ParameterizedTest
        @CsvSource({"-1, ok", "1, ''", "1, a-b", "1, 'a b'"})
        void shouldRefuseIdsThatMakeNoPeer(int id, String directoryId) {
            Endpoint endpoint = new Endpoint("h", 1);

            Outcome.Rejected rejection = rejected(
                    THREE_BROKERS, new RegisterBroker(id, directoryId, endpoint, endpoint, "", Fixtures.NOW_MILLIS, 0));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @Test
        void shouldBoundTheNumberOfBrokers() {
            MetadataImage image = MetadataImage.empty("c");
            for (int id = 0; id < Limits.BROKERS_MAX; id++) {
                image = Transition.apply(image, broker(id)).image();
            }

            assertThat(rejected(image, broker(Limits.BROKERS_MAX)).message()).contains("at most 1000");
            assertThat(Transition.apply(image, broker(0, "wiped", "")).outcome())
                    .isInstanceOf(Outcome.Accepted.class);
        }
    }

    @Nested
    class Topics {
        @Test
        void shouldCreateATopicWithoutLeaders() {
            Applied applied = Transition.apply(THREE_BROKERS, topic("orders", 6, 3));

            Topic topic = result(applied, Result.TopicCreated.class).topic();
            assertThat(applied.image().topic("orders")).contains(topic);
            assertThat(applied.image().topic(topic.id())).contains(topic);
            assertThat(applied.image().version()).isEqualTo(4);
            assertThat(topic.partitions()).hasSize(6).allSatisfy(partition -> {
                assertThat(partition.replicas()).hasSize(3).doesNotHaveDuplicates();
                assertThat(partition.leader()).isEmpty();
                assertThat(partition.leaderEpoch()).isZero();
            });
            assertThat(topic.settings()).isEqualTo(PartitionSettings.DEFAULT);
        }

        @Test
        void shouldAnswerTheSameCommandTwiceWithTheSameTopic() {
            MetadataImage after = imageAfter(broker(1), topic("t", 1, 1));

            Applied again = Transition.apply(after, topic("t", 1, 1));

            assertThat(again.image()).isSameAs(after);
            assertThat(result(again, Result.TopicCreated.class).topic())
                    .isEqualTo(after.topic("t").orElseThrow());
        }

        @Test
        void shouldRefuseANameInUse() {
            MetadataImage before = imageAfter(broker(1), topic("t", 1, 1));

            Outcome.Rejected rejection = rejected(before, new CreateTopic(new UUID(1, 1), "t", 1, 1, Map.of()));

            assertThat(rejection.code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
            assertThat(rejection.details()).containsEntry("topic", "t");
        }

        @Test
        void shouldRefuseAnIdInUse() {
            MetadataImage before = imageAfter(broker(1), topic("t", 1, 1));
            UUID used = before.topic("t").orElseThrow().id();

            assertThat(rejected(before, new CreateTopic(used, "other", 1, 1, Map.of()))
                            .code())
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "a\n"})
        void shouldRefuseNamesThatKafkaRefuses(String name) {
            Outcome.Rejected rejection = rejected(THREE_BROKERS, topic(name, 1, 1));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
            assertThat(rejection.message()).contains("'" + name + "'");
        }

        @Test
        void shouldTakeNamesUpTo249CharactersAndTellDotsFromUnderscores() {
            MetadataImage image =
                    imageAfter(broker(1), topic("a".repeat(249), 1, 1), topic("a.b", 1, 1), topic("a_b", 1, 1));

            assertThat(image.topics()).hasSize(3);
            assertThat(rejected(image, topic("a".repeat(250), 1, 1)).code()).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 10_001})
        void shouldRefusePartitionCountsOutsideTheLimits(int count) {
            Outcome.Rejected rejection = rejected(THREE_BROKERS, topic("t", count, 1));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
            assertThat(rejection.details()).containsEntry("partition_count", Integer.toString(count));
        }

        @Test
        void shouldBoundThePartitionsOfTheCluster() {
            MetadataImage image = THREE_BROKERS;
            for (int n = 0; n < Limits.CLUSTER_PARTITIONS_MAX / Limits.TOPIC_PARTITIONS_MAX; n++) {
                image = Fixtures.accepted(Transition.apply(image, topic("t" + n, Limits.TOPIC_PARTITIONS_MAX, 1)))
                        .image();
            }

            Outcome.Rejected rejection = rejected(image, topic("one-more", 1, 1));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
            assertThat(rejection.details()).containsEntry("cluster_partition_count", "100000");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 4})
        void shouldRefuseReplicationFactorsThatTheBrokersCannotHold(int factor) {
            Outcome.Rejected rejection = rejected(THREE_BROKERS, topic("t", 1, factor));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
            assertThat(rejection.details()).containsEntry("available_brokers", "3");
        }

        @Test
        void shouldBoundTheReplicationFactorHoweverManyBrokersThereAre() {
            MetadataImage image = MetadataImage.empty("c");
            for (int id = 0; id <= Limits.REPLICATION_FACTOR_MAX; id++) {
                image = Transition.apply(image, broker(id)).image();
            }

            Outcome.Rejected rejection = rejected(image, topic("t", 1, Limits.REPLICATION_FACTOR_MAX + 1));

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
            assertThat(rejection.message()).contains("16", "more than 15");
        }

        @Test
        void shouldKeepConfigAndTurnItIntoSettings() {
            CreateTopic command = new CreateTopic(
                    new UUID(0, 1), "t", 1, 1, Map.of("segment.bytes", "1048576", "max.message.bytes", "2048"));

            Topic topic =
                    Transition.apply(THREE_BROKERS, command).image().topic("t").orElseThrow();

            assertThat(topic.settings()).isEqualTo(new PartitionSettings(1_048_576, 2_048));
        }

        @Test
        void shouldRefuseMessagesThatFitNoSegment() {
            CreateTopic command = new CreateTopic(
                    new UUID(0, 1), "t", 1, 1, Map.of("segment.bytes", "65536", "max.message.bytes", "65537"));

            assertThat(rejected(THREE_BROKERS, command).message()).contains("65537", "65536", "lower");
        }

        @Test
        void shouldLowerTheDefaultOfMessagesToSmallSegments() {
            CreateTopic command = new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of("segment.bytes", "65536"));

            Topic topic =
                    Transition.apply(THREE_BROKERS, command).image().topic("t").orElseThrow();

            assertThat(topic.settings()).isEqualTo(new PartitionSettings(65_536, 65_536));
        }

        @Test
        void shouldNameTheNearestSettingForAnUnknownOne() {
            CreateTopic command = new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of("segment.byte", "1048576"));

            Outcome.Rejected rejection = rejected(THREE_BROKERS, command);

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
            assertThat(rejection.message()).contains("'segment.byte'", "did you mean 'segment.bytes'?");
        }

        @ParameterizedTest
        @CsvSource({
            "segment.bytes, 65535",
            "segment.bytes, 1073741825",
            "segment.bytes, many",
            "max.message.bytes, 1023",
            "max.message.bytes, 1048589",
            "retention.ms, -2",
            "retention.bytes, -2",
            "retention.ms, 9223372036854775808"
        })
        void shouldRefuseSettingsOutOfRange(String key, String value) {
            CreateTopic command = new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of(key, value));

            Outcome.Rejected rejection = rejected(THREE_BROKERS, command);

            assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
            assertThat(rejection.message()).contains(value);
        }

        @Test
        void shouldKeepWhatATopicsSettingsSayAndSevenDaysByDefault() {
            CreateTopic said = new CreateTopic(
                    new UUID(0, 1), "t", 1, 1, Map.of("retention.ms", "-1", "retention.bytes", "5000000000"));
            CreateTopic silent = new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of());

            assertThat(result(Transition.apply(THREE_BROKERS, said), Result.TopicCreated.class)
                            .topic()
                            .retention())
                    .isEqualTo(new RetentionSettings(-1, 5_000_000_000L));
            assertThat(result(Transition.apply(THREE_BROKERS, silent), Result.TopicCreated.class)
                            .topic()
                            .retention())
                    .isEqualTo(new RetentionSettings(604_800_000, -1));
        }

        @Test
        void shouldDeleteATopicAndForgetItsId() {
            MetadataImage before = imageAfter(broker(1), topic("t", 1, 1), topic("u", 1, 1));
            Topic topic = before.topic("t").orElseThrow();

            Applied applied = Transition.apply(before, new DeleteTopic("t"));

            assertThat(result(applied, Result.TopicDeleted.class).topic()).isEqualTo(topic);
            assertThat(applied.image().topic("t")).isEmpty();
            assertThat(applied.image().topic(topic.id())).isEmpty();
            assertThat(applied.image().topic("u")).isPresent();
        }

        @Test
        void shouldRefuseToDeleteAnUnknownTopic() {
            Outcome.Rejected rejection = rejected(THREE_BROKERS, new DeleteTopic("nope"));

            assertThat(rejection.code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
            assertThat(rejection.message()).contains("'nope'");
        }
    }

    @Nested
    class Leaders {
        private final MetadataImage before = imageAfter(broker(1), broker(2), topic("t", 3, 2), topic("u", 1, 1));
        private final Topic topic = before.topic("t").orElseThrow();

        private LeaderReport report(int partition, int epoch, int brokerId) {
            return new LeaderReport(topic.partitionId(partition), epoch, brokerId, List.of());
        }

        private PartitionAssignment partition(MetadataImage image, int partition) {
            return image.partition(topic.partitionId(partition)).orElseThrow();
        }

        @Test
        void shouldKeepTheHighestEpochInOneVersion() {
            Applied applied = Transition.apply(
                    before, new ReportLeaders(List.of(report(0, 3, 1), report(2, 1, 2), report(0, 2, 2))));

            MetadataImage after = applied.image();
            assertThat(result(applied, Result.LeadersReported.class).changed()).isEqualTo(2);
            assertThat(after.version()).isEqualTo(before.version() + 1);
            assertThat(partition(after, 0).leader()).contains(1);
            assertThat(partition(after, 0).leaderEpoch()).isEqualTo(3);
            assertThat(partition(after, 1).leader()).isEmpty();
            assertThat(partition(after, 2).leader()).contains(2);
            assertThat(after.topic("u")).isEqualTo(before.topic("u"));
        }

        @Test
        void shouldIgnoreWhatIsNoNewsWithoutANewVersion() {
            MetadataImage reported = Transition.apply(before, new ReportLeaders(List.of(report(0, 3, 1))))
                    .image();

            Applied applied = Transition.apply(
                    reported,
                    new ReportLeaders(List.of(
                            report(0, 3, 1),
                            report(0, 3, 2),
                            report(0, 2, 2),
                            report(3, 9, 1),
                            report(1, 9, 5),
                            new LeaderReport(new PartitionId(new UUID(9, 9), 0), 1, 1, List.of()))));

            assertThat(applied.image()).isSameAs(reported);
            assertThat(result(applied, Result.LeadersReported.class).changed()).isZero();
        }

        @Test
        void shouldBoundTheReportsOfOneCommand() {
            List<LeaderReport> reports = Collections.nCopies(Limits.LEADER_REPORTS_MAX + 1, report(0, 1, 1));

            assertThat(rejected(before, new ReportLeaders(reports)).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }
    }

    @Nested
    class ProducerIds {
        @Test
        void shouldGiveEachIdOnce() {
            Applied first = Transition.apply(THREE_BROKERS, new AllocateProducerIds(1_000));
            Applied second = Transition.apply(first.image(), new AllocateProducerIds(10));

            assertThat(result(first, Result.ProducerIdsAllocated.class))
                    .isEqualTo(new Result.ProducerIdsAllocated(0, 1_000));
            assertThat(result(second, Result.ProducerIdsAllocated.class))
                    .isEqualTo(new Result.ProducerIdsAllocated(1_000, 10));
            assertThat(second.image().nextProducerId()).isEqualTo(1_010);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -5, 1_000_001})
        void shouldRefuseCountsOutsideTheLimits(int count) {
            assertThat(rejected(THREE_BROKERS, new AllocateProducerIds(count)).code())
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }
    }

    @Test
    void shouldGiveAddressesOnlyWhenEveryBrokerIsRegistered() {
        MetadataImage image = imageAfter(broker(1));

        assertThat(image.addressesOf(List.of(new PeerId("1-dir_1"), new PeerId("2-dir_2"))))
                .isEqualTo(Optional.empty());
        assertThat(image.addressesOf(List.of(new PeerId("1-older"))).orElseThrow())
                .singleElement()
                .satisfies(peer -> {
                    assertThat(peer.id()).isEqualTo(new PeerId("1-older"));
                    assertThat(peer.port()).isEqualTo(9101);
                });
    }
}
