package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
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
        if (image.spentIds().contains(command.id())) {
            return refused(
                    ErrorCode.CONFLICT,
                    "topic '" + command.name()
                            + "' was made by the same request before and is purged already; create it"
                            + " with another request",
                    Map.of("topic", command.name(), "topic_id", command.id().toString()));
        }
        return image.keptTopics()
                .filter(kept -> kept.id().equals(command.id()))
                .findFirst()
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
        return GrowthRules.clusterRefusal(image, count);
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
        return ConfigRules.refusalOf(command.config());
    }

    private static Optional<Rejected> refused(ErrorCode code, String message, Map<String, String> details) {
        return Optional.of(new Rejected(code, message, details));
    }
}
