package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What a broker adds to requests before they become commands. */
class TopicChangesTest {
    private static final Endpoint ENDPOINT = new Endpoint("host", 9000);
    private static final TopicDefaults DEFAULTS = new TopicDefaults(
            3,
            1,
            PartitionSettings.DEFAULT.withBatchBytesMax(5_000),
            RetentionSettings.DEFAULT,
            Duration.ofMillis(700));

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

        assertThat(changes.undelete("t").join()).isEqualTo(first);
        assertThat(metadata.last()).isEqualTo(new UndeleteTopic(first.idText()));

        delete("t", false);
        create("t");
        delete("t", false);
        assertThat(changes.undelete("t")).isCompletedExceptionally();
        assertThat(metadata.last()).isEqualTo(new UndeleteTopic("t"));
    }
}
