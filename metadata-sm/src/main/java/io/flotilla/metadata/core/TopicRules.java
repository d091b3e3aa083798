package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.TopicConfig;
import io.flotilla.protocol.error.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a new topic must be like. Names follow Kafka's rules, but two names that differ only in '.' and '_' may live side
 * by side: Kafka warns of them because its metric names take the one for the other, and ours do not.
 */
final class TopicRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1," + Limits.TOPIC_NAME_LENGTH_MAX + "}");

    private final MetadataImage image;
    private final CreateTopic command;

    private TopicRules(MetadataImage image, CreateTopic command) {
        this.image = image;
        this.command = command;
    }

    /** The first rule broken, empty if the topic may be created. */
    static Optional<Rejected> refusalOf(MetadataImage image, CreateTopic command) {
        TopicRules rules = new TopicRules(image, command);
        return Stream.<Supplier<Optional<Rejected>>>of(
                        rules::name, rules::existence, rules::partitionCount, rules::replicationFactor, rules::config)
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Rejected> name() {
        String name = command.name();
        if (NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..")) {
            return Optional.empty();
        }
        return refused(
                ErrorCode.INVALID_TOPIC_NAME,
                "topic name '" + name + "' is not allowed; use 1 to " + Limits.TOPIC_NAME_LENGTH_MAX
                        + " letters, digits, '.', '_' or '-', and neither \".\" nor \"..\"",
                Map.of("topic", name));
    }

    private Optional<Rejected> existence() {
        if (image.topic(command.name()).isPresent()) {
            return refused(
                    ErrorCode.TOPIC_ALREADY_EXISTS,
                    "topic '" + command.name() + "' exists already; choose another name or delete it first",
                    Map.of("topic", command.name()));
        }
        return image.topic(command.id())
                .flatMap(other -> refused(
                        ErrorCode.INVALID_REQUEST,
                        "topic id " + command.id() + " belongs to topic '" + other.name()
                                + "'; propose with a random id",
                        Map.of("topic_id", command.id().toString())));
    }

    private Optional<Rejected> partitionCount() {
        int count = command.partitionCount();
        if (count < 1 || count > Limits.TOPIC_PARTITIONS_MAX) {
            return refused(
                    ErrorCode.INVALID_PARTITION_COUNT,
                    "partition count " + count + " of topic '" + command.name() + "' is outside [1, "
                            + Limits.TOPIC_PARTITIONS_MAX + "]",
                    Map.of("partition_count", Integer.toString(count)));
        }
        int present = image.partitionCount();
        if (present + count > Limits.CLUSTER_PARTITIONS_MAX) {
            return refused(
                    ErrorCode.INVALID_PARTITION_COUNT,
                    "the cluster has " + present + " partitions and takes at most " + Limits.CLUSTER_PARTITIONS_MAX
                            + ", so " + count + " more do not fit; ask for fewer or delete topics",
                    Map.of(
                            "partition_count", Integer.toString(count),
                            "cluster_partition_count", Integer.toString(present)));
        }
        return Optional.empty();
    }

    private Optional<Rejected> replicationFactor() {
        int factor = command.replicationFactor();
        int brokers = Math.toIntExact(
                image.brokers().values().stream().filter(Placement::mayHold).count());
        if (factor >= 1 && factor <= Math.min(brokers, Limits.REPLICATION_FACTOR_MAX)) {
            return Optional.empty();
        }
        if (factor > Limits.REPLICATION_FACTOR_MAX) {
            return refused(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "replication factor " + factor + " of topic '" + command.name() + "' is more than "
                            + Limits.REPLICATION_FACTOR_MAX + "; three replicas survive one failure, five survive two",
                    Map.of(
                            "replication_factor", Integer.toString(factor),
                            "available_brokers", Integer.toString(brokers)));
        }
        String remedy = brokers == 0 ? "; start brokers first" : "; ask for 1 to " + brokers + " or add brokers";
        return refused(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication factor " + factor + " of topic '" + command.name() + "' does not fit the " + brokers
                        + " registered brokers" + remedy,
                Map.of(
                        "replication_factor", Integer.toString(factor),
                        "available_brokers", Integer.toString(brokers)));
    }

    private Optional<Rejected> config() {
        Map<String, String> config = command.config();
        for (Map.Entry<String, String> entry : config.entrySet()) {
            String key = entry.getKey();
            Optional<TopicConfig> setting = TopicConfig.ofKey(key);
            if (setting.isEmpty()) {
                return refused(
                        ErrorCode.INVALID_CONFIG,
                        "topics have no setting '" + key + "'; did you mean '" + NearestName.to(key, TopicConfig.keys())
                                + "'?",
                        Map.of("config", key));
            }
            try {
                setting.get().in(config);
            } catch (IllegalArgumentException outOfRange) {
                return refused(
                        ErrorCode.INVALID_CONFIG,
                        String.valueOf(outOfRange.getMessage()),
                        Map.of("config", key, "value", entry.getValue()));
            }
        }
        return messageBytes();
    }

    private Optional<Rejected> messageBytes() {
        String key = TopicConfig.MAX_MESSAGE_BYTES.key();
        long segmentBytes = TopicConfig.SEGMENT_BYTES.in(command.config());
        long messageBytes = TopicConfig.MAX_MESSAGE_BYTES.in(command.config());
        if (!command.config().containsKey(key) || messageBytes <= segmentBytes) {
            return Optional.empty();
        }
        return refused(
                ErrorCode.INVALID_CONFIG,
                key + " " + messageBytes + " is above segment.bytes " + segmentBytes
                        + ", so the largest batch would not fit a segment; lower the one or raise the other",
                Map.of("config", key, "value", Long.toString(messageBytes)));
    }

    private static Optional<Rejected> refused(ErrorCode code, String message, Map<String, String> details) {
        return Optional.of(new Rejected(code, message, details));
    }
}
