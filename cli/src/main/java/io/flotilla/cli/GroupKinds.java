package io.flotilla.cli;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Kind;
import io.flotilla.cli.output.Table;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartition;
import io.flotilla.client.GroupRebalance;
import io.flotilla.client.GroupSummary;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How consumer groups are printed. */
final class GroupKinds {
    private static final String NONE = "-";
    private static final double MILLIS_PER_SECOND = 1_000;

    static final Kind<GroupSummary> SUMMARY = Kind.plain(
            "Group",
            GroupSummary::group,
            GroupKinds::fields,
            List.of(
                    Column.text("GROUP", GroupSummary::group),
                    Column.text("STATE", group -> lower(group.state())),
                    Column.number("MEMBERS", GroupSummary::memberCount),
                    Column.number("OFFSETS", GroupSummary::offsetCount)));

    /** What was deleted just now. */
    static final Kind<GroupSummary> DELETED =
            Kind.plain("DeletedGroup", GroupSummary::group, GroupKinds::fields, SUMMARY.columns());

    private static final List<Column<GroupMemberDescription>> MEMBER_COLUMNS = List.of(
            Column.text("MEMBER", GroupMemberDescription::memberId),
            Column.text("INSTANCE", member -> member.instanceId().orElse(NONE)),
            Column.text("CLIENT", member -> member.clientId().isEmpty() ? NONE : member.clientId()),
            Column.text("HOST", GroupMemberDescription::host),
            Column.text("READS", member -> names(member.partitions())),
            Column.text("GIVES-UP", member -> names(member.revoked())),
            Column.text("AWAITS", member -> names(member.awaited())),
            Column.text("SILENT", GroupKinds::silence));

    private static final List<Column<GroupPartition>> PARTITION_COLUMNS = List.of(
            Column.text("TOPIC", partition -> partition.partition().topic()),
            Column.number("PARTITION", partition -> partition.partition().partition()),
            Column.numberIfKnown("COMMITTED", GroupPartition::committedOffset),
            Column.numberIfKnown("END", GroupPartition::highWatermark),
            Column.numberIfKnown("LAG", GroupPartition::lagRecords),
            new Column<>("LAG-SECONDS", true, partition -> seconds(partition.lag())));

    private static final List<Column<GroupRebalance>> REBALANCE_COLUMNS = List.of(
            Column.number("EPOCH", GroupRebalance::epoch),
            Column.text("AT", rebalance -> rebalance.at().toString()),
            Column.text("REASON", GroupRebalance::reason));

    static final Kind<GroupDescription> GROUP = new Kind<>(
            "Group",
            GroupDescription::group,
            GroupKinds::fields,
            List.of(
                    Column.text("GROUP", GroupDescription::group),
                    Column.text("STATE", group -> lower(group.state())),
                    Column.number("EPOCH", GroupDescription::epoch),
                    Column.text("ASSIGNOR", group -> lower(group.assignor())),
                    Column.number("LAG", GroupKinds::lagRecords),
                    new Column<>("LAG-SECONDS", true, group -> seconds(longestLag(group))),
                    Column.text(
                            "EXPIRES",
                            group -> group.expiresAt().map(Object::toString).orElse(NONE))),
            GroupKinds::details);

    static final Kind<GroupMove> MOVE = Kind.plain(
            "GroupOffset",
            move -> move.partition().toString(),
            GroupKinds::fields,
            List.of(
                    Column.text("TOPIC", move -> move.partition().topic()),
                    Column.number("PARTITION", move -> move.partition().partition()),
                    Column.text(
                            "FROM",
                            move -> move.from().isPresent()
                                    ? Long.toString(move.from().getAsLong())
                                    : NONE),
                    Column.number("TO", GroupMove::to)));

    private GroupKinds() {}

    /** Of the partitions where it is known. */
    private static long lagRecords(GroupDescription group) {
        return group.partitions().stream()
                .map(GroupPartition::lagRecords)
                .flatMapToLong(OptionalLong::stream)
                .sum();
    }

    /** Of the partitions where it is known. */
    private static Optional<Duration> longestLag(GroupDescription group) {
        return group.partitions().stream()
                .map(GroupPartition::lag)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    private static String seconds(Optional<Duration> lag) {
        return lag.map(known -> String.format(Locale.ROOT, "%.1f", secondsOf(known)))
                .orElse(NONE);
    }

    private static double secondsOf(Duration duration) {
        return duration.toMillis() / MILLIS_PER_SECOND;
    }

    /** Where a committed offset goes. */
    record GroupMove(TopicPartition partition, OptionalLong from, long to) {}

    private static Map<String, Object> fields(GroupSummary group) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", group.group());
        fields.put("state", lower(group.state()));
        fields.put("memberCount", group.memberCount());
        fields.put("offsetCount", group.offsetCount());
        return fields;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(GroupDescription group) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", group.group());
        fields.put("state", lower(group.state()));
        fields.put("epoch", group.epoch());
        fields.put("assignor", lower(group.assignor()));
        fields.put("members", group.members().stream().map(GroupKinds::fields).toList());
        fields.put(
                "rebalances",
                group.rebalances().stream().map(GroupKinds::fields).toList());
        fields.put("missingTopics", group.missingTopics());
        fields.put("emptySince", group.emptySince().orElse(null));
        fields.put("expiresAt", group.expiresAt().orElse(null));
        fields.put("lag", lagRecords(group));
        fields.put("lagSeconds", longestLag(group).map(GroupKinds::secondsOf).orElse(null));
        fields.put(
                "partitions",
                group.partitions().stream().map(GroupKinds::fields).toList());
        return fields;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(GroupMemberDescription member) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", member.memberId());
        fields.put("instanceId", member.instanceId().orElse(null));
        fields.put("clientId", member.clientId());
        fields.put("host", member.host());
        fields.put("epoch", member.memberEpoch());
        fields.put("topics", member.topics());
        fields.put(
                "partitions", member.partitions().stream().map(Object::toString).toList());
        fields.put("revoked", member.revoked().stream().map(Object::toString).toList());
        fields.put("awaited", member.awaited().stream().map(Object::toString).toList());
        fields.put("away", member.away());
        fields.put("silentMillis", member.silentFor().map(Duration::toMillis).orElse(null));
        return fields;
    }

    private static Map<String, Object> fields(GroupRebalance rebalance) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("epoch", rebalance.epoch());
        fields.put("at", rebalance.at());
        fields.put("reason", rebalance.reason());
        return fields;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(GroupPartition partition) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", partition.partition().topic());
        fields.put("partition", partition.partition().partition());
        fields.put("committed", orNull(partition.committedOffset()));
        fields.put("end", orNull(partition.highWatermark()));
        fields.put("lag", orNull(partition.lagRecords()));
        fields.put("lagSeconds", partition.lag().map(GroupKinds::secondsOf).orElse(null));
        return fields;
    }

    private static @Nullable Long orNull(OptionalLong number) {
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    @SuppressWarnings("NullAway") // the tree holds null for JSON's null
    private static Map<String, Object> fields(GroupMove move) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("topic", move.partition().topic());
        fields.put("partition", move.partition().partition());
        fields.put("from", orNull(move.from()));
        fields.put("to", move.to());
        return fields;
    }

    private static List<String> details(GroupDescription group) {
        List<String> lines = new ArrayList<>();
        if (!group.missingTopics().isEmpty()) {
            lines.add("");
            lines.add("topics that do not exist: " + String.join(", ", group.missingTopics()));
        }
        add(lines, MEMBER_COLUMNS, group.members());
        add(lines, PARTITION_COLUMNS, group.partitions());
        add(lines, REBALANCE_COLUMNS, group.rebalances());
        return lines;
    }

    private static <T> void add(List<String> lines, List<Column<T>> columns, List<T> rows) {
        if (!rows.isEmpty()) {
            lines.add("");
            lines.addAll(Table.lines(columns, rows));
        }
    }

    private static String silence(GroupMemberDescription member) {
        return member.away()
                ? "away"
                : member.silentFor().map(silent -> silent.toMillis() + " ms").orElse(NONE);
    }

    private static String names(List<TopicPartition> partitions) {
        return partitions.isEmpty()
                ? NONE
                : partitions.stream().sorted().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
