package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.broker.config.BrokerConfig.TopicDefaults;
import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.protocol.v1.AlterTopicConfigRequest;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DeleteTopicRequest;
import io.flotilla.protocol.v1.UndeleteTopicRequest;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker adds to requests before they become commands. */
class TopicChangesTest {
    private static final Endpoint ENDPOINT = new Endpoint("host", 9000);
    private static final TopicDefaults DEFAULTS = new TopicDefaults(
            3,
            1,
            PartitionSettings.DEFAULT.withBatchBytesMax(5_000),
            RetentionSettings.DEFAULT,
            Duration.ofMillis(700));

    private static final String REQUEST = "0123456789abcdef0123456789abcdef";

    private final Rules metadata = new Rules();
    private final TopicChanges changes = new TopicChanges(
            metadata, DEFAULTS, Clock.fixed(Instant.ofEpochMilli(40_000), ZoneOffset.UTC), Runnable::run);

    /** The real rules in place of a cluster. */
    private static final class Rules implements ClusterMetadata {
        private final List<MetadataCommand> submitted = new ArrayList<>();
        private MetadataImage image = MetadataImage.empty("c");

        Rules() {
            var unused = submit(new RegisterBroker(1, "d1", ENDPOINT, ENDPOINT, "", 0, 0));
        }

        @Override
        public MetadataImage image() {
            return image;
        }

        @Override
        public Listening listen(Consumer<MetadataImage> listener) {
            listener.accept(image);
            return () -> {};
        }

        @Override
        public CompletableFuture<Outcome> submit(MetadataCommand command) {
            submitted.add(command);
            Applied applied = Transition.apply(image, command);
            image = applied.image();
            return CompletableFuture.completedFuture(applied.outcome());
        }

        MetadataCommand last() {
            return submitted.get(submitted.size() - 1);
        }
    }

    private Topic create(String name) {
        return changes.create(CreateTopicRequest.newBuilder()
                        .setName(name)
                        .putConfig("retention.ms", "9")
                        .build())
                .join();
    }

    private void delete(String name, boolean now) {
        changes.delete(DeleteTopicRequest.newBuilder().setName(name).setNow(now).build())
                .join();
    }

    /** An attempt that the client gave up can arrive long after the one that was answered. */
    @Test
    void shouldNotLetALateAttemptUndoWhatOthersHaveDone() {
        create("t");
        AlterTopicConfigRequest late = retention("10").setRequestId(REQUEST).build();
        changes.alterConfig(late).join();
        changes.alterConfig(retention("20").build()).join();

        assertThat(changes.alterConfig(late).join().config()).containsEntry("retention.ms", "20");

        DeleteTopicRequest deletion = DeleteTopicRequest.newBuilder()
                .setName("t")
                .setNow(true)
                .setRequestId("1".repeat(32))
                .build();
        changes.delete(deletion).join();
        Topic another = create("t");
        assertThat(changes.delete(deletion)).isCompletedExceptionally();
        assertThat(metadata.image().topic("t")).contains(another);
    }

    @Test
    void shouldNotMakeATopicAnewByALateAttempt() {
        CreateTopicRequest late = CreateTopicRequest.newBuilder()
                .setName("t")
                .setRequestId(REQUEST)
                .build();
        Topic made = changes.create(late).join();
        assertThat(changes.create(late).join()).isEqualTo(made);

        delete("t", true);

        assertThat(changes.create(late)).isCompletedExceptionally();
        assertThat(metadata.image().topics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "no hexadecimal digits, but many.."})
    void shouldRefuseARequestIdThatIsNone(String id) {
        assertThatThrownBy(() ->
                        changes.alterConfig(retention("10").setRequestId(id).build()))
                .hasMessageContaining("request_id '" + id + "'");
    }

    private static AlterTopicConfigRequest.Builder retention(String millis) {
        return AlterTopicConfigRequest.newBuilder().setTopic("t").putSet("retention.ms", millis);
    }

    @Test
    void shouldUnsetASettingToThisBrokersDefaultAsACreationWould() {
        create("t");

        Topic altered = changes.alterConfig(AlterTopicConfigRequest.newBuilder()
                        .setTopic("t")
                        .putSet("retention.bytes", "8")
                        .addUnset("max.message.bytes")
                        .addUnset("retention.ms")
                        .build())
                .join();

        assertThat(metadata.last())
                .isEqualTo(new AlterTopicConfig(
                        "t", Map.of("retention.bytes", "8", "max.message.bytes", "5000"), Set.of("retention.ms")));
        assertThat(altered.config()).isEqualTo(Map.of("retention.bytes", "8", "max.message.bytes", "5000"));
    }

    @Test
    void shouldStampTimeAndGraceIntoADeletion() {
        create("t");
        create("u");

        delete("t", false);
        assertThat(metadata.last()).isEqualTo(new DeleteTopic("t", 40_000, 700));
        delete("u", true);
        assertThat(metadata.last()).isEqualTo(new DeleteTopic("u", 40_000, 0));
    }

    @Test
    void shouldUndeleteByIdWhereThereIsNoDoubt() {
        Topic first = create("t");
        delete("t", false);

        assertThat(changes.undelete(UndeleteTopicRequest.newBuilder()
                                .setNameOrId("t")
                                .build())
                        .join())
                .isEqualTo(first);
        assertThat(metadata.last()).isEqualTo(new UndeleteTopic(first.idText()));

        delete("t", false);
        create("t");
        delete("t", false);
        assertThat(changes.undelete(
                        UndeleteTopicRequest.newBuilder().setNameOrId("t").build()))
                .isCompletedExceptionally();
        assertThat(metadata.last()).isEqualTo(new UndeleteTopic("t"));
    }
}
