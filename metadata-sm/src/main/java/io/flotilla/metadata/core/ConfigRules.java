package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.TopicConfig;
import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What settings a topic may have, at its creation and later. */
final class ConfigRules {
    private ConfigRules() {}

    /** The first setting that is wrong, empty if a topic may have these. */
    static Optional<Rejected> refusalOf(Map<String, String> config) {
        for (Map.Entry<String, String> entry : config.entrySet()) {
            String key = entry.getKey();
            Optional<TopicConfig> setting = TopicConfig.ofKey(key);
            if (setting.isEmpty()) {
                return Optional.of(unknown(key));
            }
            try {
                setting.get().in(config);
            } catch (IllegalArgumentException outOfRange) {
                return Optional.of(new Rejected(
                        ErrorCode.INVALID_CONFIG,
                        String.valueOf(outOfRange.getMessage()),
                        Map.of("config", key, "value", entry.getValue())));
            }
        }
        return messageBytes(config);
    }

    private static Rejected unknown(String key) {
        return new Rejected(
                ErrorCode.INVALID_CONFIG,
                "topics have no setting '" + key + "'; did you mean '" + NearestName.to(key, TopicConfig.keys()) + "'?",
                Map.of("config", key));
    }

    private static Optional<Rejected> messageBytes(Map<String, String> config) {
        String key = TopicConfig.MAX_MESSAGE_BYTES.key();
        long segmentBytes = TopicConfig.SEGMENT_BYTES.in(config);
        long messageBytes = TopicConfig.MAX_MESSAGE_BYTES.in(config);
        if (!config.containsKey(key) || messageBytes <= segmentBytes) {
            return Optional.empty();
        }
        return Optional.of(new Rejected(
                ErrorCode.INVALID_CONFIG,
                key + " " + messageBytes + " is above segment.bytes " + segmentBytes
                        + ", so the largest batch would not fit a segment; lower the one or raise the other",
                Map.of("config", key, "value", Long.toString(messageBytes))));
    }

    /** The same command twice changes nothing the second time. */
    static Applied alter(MetadataImage before, AlterTopicConfig command) {
        Optional<Topic> topic = before.topic(command.topicName());
        if (topic.isEmpty()) {
            return Applied.rejected(before, DeletionRules.unknownTopic(before, command.topicName()));
        }
        Map<String, String> config = new TreeMap<>(topic.get().config());
        config.putAll(command.set());
        config.keySet().removeAll(command.remove());
        Optional<Rejected> refusal =
                refusalOf(command).or(() -> refusalOf(config)).or(() -> segmentBytes(topic.get(), config));
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        Topic altered = topic.get().withConfig(config);
        MetadataImage after = altered.equals(topic.get()) ? before : before.with(List.of(altered));
        return Applied.accepted(after, new Result.TopicConfigAltered(altered));
    }

    /**
     * Replicas' files are equal byte by byte because every replica ends its segments by the same size from the first
     * record on. One that is made later, or begins anew, reads the log from the beginning with the size the topic has
     * then: it must be the one that the others began with.
     */
    private static Optional<Rejected> segmentBytes(Topic topic, Map<String, String> changed) {
        TopicConfig setting = TopicConfig.SEGMENT_BYTES;
        long present = setting.in(topic.config());
        long wanted = setting.in(changed);
        if (wanted == present) {
            return Optional.empty();
        }
        return Optional.of(new Rejected(
                ErrorCode.INVALID_CONFIG,
                setting.key() + " of topic '" + topic.name() + "' stays " + present + " and cannot become " + wanted
                        + ": the files of all replicas are divided by it from the first record on; create another topic"
                        + " with the size you want",
                Map.of("topic", topic.name(), "config", setting.key(), "value", Long.toString(wanted))));
    }

    private static Optional<Rejected> refusalOf(AlterTopicConfig command) {
        if (command.set().isEmpty() && command.remove().isEmpty()) {
            return Optional.of(new Rejected(
                    ErrorCode.INVALID_REQUEST,
                    "no setting of topic '" + command.topicName() + "' is to change; name one to set or to remove",
                    Map.of("topic", command.topicName())));
        }
        for (String key : command.remove()) {
            if (TopicConfig.ofKey(key).isEmpty()) {
                return Optional.of(unknown(key));
            }
            if (command.set().containsKey(key)) {
                return Optional.of(new Rejected(
                        ErrorCode.INVALID_REQUEST,
                        "setting '" + key + "' of topic '" + command.topicName()
                                + "' is both set and removed; do one of them",
                        Map.of("topic", command.topicName(), "config", key)));
            }
        }
        return Optional.empty();
    }
}
