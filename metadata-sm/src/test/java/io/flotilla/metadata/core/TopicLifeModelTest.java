package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.TopicLifeModel.Model;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.ImageFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of topics against {@link TopicLifeModel}, which says of each command whether it must be accepted and what
 * the cluster's topics are afterwards. Some commands come a second time, as after an unknown outcome.
 */
class TopicLifeModelTest {
    private static final int COMMANDS = 400;
    private static final int NAMES = 4;

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 30), LongStream.of(new Random().nextLong()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void topicsLiveAsTheModelSays(long seed) throws IOException {
        Random random = new Random(seed);
        TopicLifeModel model = new TopicLifeModel();
        MetadataImage image = Fixtures.imageAfter(broker(1), broker(2), broker(3));
        List<MetadataCommand> earlier = new ArrayList<>();
        long nowMillis = 0;
        for (int n = 0; n < COMMANDS; n++) {
            nowMillis += random.nextInt(50);
            boolean again = !earlier.isEmpty() && random.nextInt(6) == 0;
            MetadataCommand command =
                    again ? earlier.get(random.nextInt(earlier.size())) : command(random, image, nowMillis);
            earlier.add(command);

            boolean expected = model.accepts(command);
            Applied applied = Transition.apply(image, CommandFormat.decode(CommandFormat.encode(command)));

            assertThat(applied.outcome() instanceof Outcome.Accepted)
                    .as("%s accepted after %d commands: %s", command, n, applied.outcome())
                    .isEqualTo(expected);
            if (!expected) {
                assertThat(applied.image()).isSameAs(image);
            }
            image = ImageFormat.decode(ImageFormat.encode(applied.image()));
            assertThat(image).isEqualTo(applied.image());
            assertThat(live(image)).as("topics after %s", command).isEqualTo(model.live());
            assertThat(deleted(image)).as("deleted topics after %s", command).isEqualTo(model.deleted());
        }
    }

    private static Map<String, Model> live(MetadataImage image) {
        Map<String, Model> live = new TreeMap<>();
        image.topics().forEach((name, topic) -> live.put(name, modelOf(topic)));
        return live;
    }

    private static Map<UUID, TopicLifeModel.Kept> deleted(MetadataImage image) {
        Map<UUID, TopicLifeModel.Kept> deleted = new TreeMap<>();
        image.deletedTopics()
                .forEach((id, kept) ->
                        deleted.put(id, new TopicLifeModel.Kept(modelOf(kept.topic()), kept.purgeAtMillis())));
        return deleted;
    }

    private static Model modelOf(Topic topic) {
        return new Model(topic.id(), topic.name(), topic.partitions().size(), topic.config());
    }

    private static MetadataCommand command(Random random, MetadataImage image, long nowMillis) {
        String name = "t" + random.nextInt(NAMES);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                new CreateTopic(new UUID(random.nextLong(), 1), name, 1 + random.nextInt(3), 2, config(random));
            case 3, 4 ->
                random.nextInt(4) == 0
                        ? new DeleteTopic(anyId(random, image), nowMillis, 0)
                        : new DeleteTopic(name, nowMillis, random.nextInt(5) * 100L);
            case 5 -> new UndeleteTopic(random.nextBoolean() ? name : anyId(random, image));
            case 6 -> {
                List<UUID> ids = List.copyOf(image.deletedTopics().keySet());
                yield new PurgeTopic(ids.isEmpty() ? new UUID(0, 0) : ids.get(random.nextInt(ids.size())), nowMillis);
            }
            case 7 -> new AddPartitions(name, random.nextInt(12));
            default ->
                new AlterTopicConfig(name, config(random), random.nextBoolean() ? Set.of("retention.ms") : Set.of());
        };
    }

    private static String anyId(Random random, MetadataImage image) {
        List<String> ids = image.keptTopics().map(Topic::idText).toList();
        return ids.isEmpty() ? "0" : ids.get(random.nextInt(ids.size()));
    }

    private static Map<String, String> config(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Map.of("retention.ms", Integer.toString(random.nextInt(3) - 2));
            case 1 -> Map.of("retention.bytes", Integer.toString(random.nextInt(1_000)));
            case 2 -> Map.of("retention.ms", "7", "segment.bytes", "70000");
            default -> Map.of();
        };
    }
}
