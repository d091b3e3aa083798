package io.flotilla.cli;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Kind;
import io.flotilla.cli.output.Table;
import io.flotilla.client.DeletedTopic;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How topics are printed. */
final class TopicKinds {
    /** What a table shows for something not known. */
    private static final String UNKNOWN = "-";

    static final Kind<TopicSummary> SUMMARY = Kind.plain(
            "Topic",
            TopicSummary::name,
            TopicKinds::fields,
            List.of(
                    Column.text("NAME", TopicSummary::name),
                    Column.number("PARTITIONS", TopicSummary::partitionCount),
                    Column.number("REPLICATION", TopicSummary::replicationFactor),
                    Column.text("ID", TopicSummary::topicId)));

    private static final List<Column<TopicDescription>> TOPIC_COLUMNS = List.of(
            Column.text("NAME", TopicDescription::name),
            Column.number("PARTITIONS", TopicDescription::partitionCount),
            Column.number("REPLICATION", TopicDescription::replicationFactor),
            Column.text("ID", TopicDescription::topicId));

    private static final List<Column<PartitionDescription>> PARTITION_COLUMNS = List.of(
            Column.number("PARTITION", partition -> partition.partition().partition()),
            Column.text("LEADER", partition -> text(partition.leaderBrokerId())),
            Column.number("EPOCH", PartitionDescription::leaderEpoch),
            Column.text("REPLICAS", partition -> partition.replicaBrokerIds().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","))),
            Column.text("LOG-START", partition -> text(partition.logStartOffset())),
            Column.text("HIGH-WATERMARK", partition -> text(partition.highWatermark())));

    /** The same with what only partitions on the move have. */
    private static final List<Column<PartitionDescription>> MOVING_PARTITION_COLUMNS = Stream.concat(
                    PARTITION_COLUMNS.stream(),
                    Stream.of(
                            Column.<PartitionDescription>text(
                                    "TARGET", partition -> OperationKinds.ids(partition.targetBrokerIds())),
                            Column.<PartitionDescription>text(
                                    "VOTERS", partition -> OperationKinds.ids(partition.voterBrokerIds()))))
            .toList();

    static final Kind<TopicDescription> TOPIC =
            new Kind<>("Topic", TopicDescription::name, TopicKinds::fields, TOPIC_COLUMNS, TopicKinds::details);

    /** What was deleted just now. */
    static final Kind<TopicSummary> DELETED =
            Kind.plain("DeletedTopic", TopicSummary::name, TopicKinds::fields, SUMMARY.columns());

    /** What can be undeleted; scripts get ids, since names may repeat. */
    static final Kind<DeletedTopic> UNDELETABLE = Kind.plain(
            "DeletedTopic",
            deleted -> deleted.topic().topicId(),
            TopicKinds::fields,
            List.of(
                    Column.text("NAME", deleted -> deleted.topic().name()),
                    Column.number("PARTITIONS", deleted -> deleted.topic().partitionCount()),
                    Column.text("DELETED", deleted -> deleted.deletedAt().toString()),
                    Column.text("TIME-LEFT", deleted -> text(deleted.timeLeft())),
                    Column.text("ID", deleted -> deleted.topic().topicId())));

    private TopicKinds() {}

    private static Map<String, Object> fields(TopicSummary topic) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", topic.name());
        fields.put("id", topic.topicId());
        fields.put("partitionCount", topic.partitionCount());
        fields.put("replicationFactor", topic.replicationFactor());
        return fields;
    }

    private static Map<String, Object> fields(DeletedTopic deleted) {
        Map<String, Object> fields = fields(deleted.topic());
        fields.put("deletedAt", deleted.deletedAt());
        fields.put("purgeAt", deleted.purgeAt());
        fields.put("timeLeftMillis", deleted.timeLeft().toMillis());
        return fields;
    }

    private static Map<String, Object> fields(TopicDescription topic) {
        Map<String, Object> fields = fields(
                new TopicSummary(topic.name(), topic.topicId(), topic.partitionCount(), topic.replicationFactor()));
        fields.put("config", new TreeMap<>(topic.config()));
        fields.put(
                "partitions",
                topic.partitions().stream().map(TopicKinds::fields).toList());
        return fields;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(PartitionDescription partition) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("partition", partition.partition().partition());
        fields.put("leader", orNull(partition.leaderBrokerId()));
        fields.put("leaderEpoch", partition.leaderEpoch());
        fields.put("replicas", partition.replicaBrokerIds());
        fields.put("logStartOffset", orNull(partition.logStartOffset()));
        fields.put("highWatermark", orNull(partition.highWatermark()));
        fields.put("target", partition.targetBrokerIds());
        fields.put("voters", partition.voterBrokerIds());
        return fields;
    }

    private static List<String> details(TopicDescription topic) {
        List<String> lines = new ArrayList<>();
        if (!topic.config().isEmpty()) {
            lines.add("");
            lines.addAll(Table.lines(
                    List.of(Column.text("SETTING", Map.Entry::getKey), Column.text("VALUE", Map.Entry::getValue)),
                    List.copyOf(new TreeMap<>(topic.config()).entrySet())));
        }
        boolean moving = topic.partitions().stream().anyMatch(PartitionDescription::isMoving);
        lines.add("");
        lines.addAll(Table.lines(moving ? MOVING_PARTITION_COLUMNS : PARTITION_COLUMNS, topic.partitions()));
        return lines;
    }

    private static @Nullable Integer orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /** For people: 2d 3h, 59m 12s. */
    private static String text(Duration left) {
        if (left.toDays() > 0) {
            return left.toDays() + "d " + left.toHoursPart() + "h";
        }
        return left.toHours() > 0
                ? left.toHours() + "h " + left.toMinutesPart() + "m"
                : left.toMinutes() + "m " + left.toSecondsPart() + "s";
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : UNKNOWN;
    }

    private static String text(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : UNKNOWN;
    }
}
