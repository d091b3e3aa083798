package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every setting a topic can have. Names are Kafka's where they mean the same. */
public enum TopicConfig {
    /** A segment file rolls before it would grow past this, in bytes. */
    SEGMENT_BYTES("segment.bytes", 64 << 10, 1 << 30, PartitionSettings.DEFAULT.segmentBytesMax()),
    /** Largest record batch accepted, in bytes, header included; its default is lower where segments are smaller. */
    MAX_MESSAGE_BYTES("max.message.bytes", 1 << 10, 1_048_588, PartitionSettings.DEFAULT.batchBytesMax()),
    /** A segment may go when its newest record is older, in milliseconds; -1 keeps it. */
    RETENTION_MS("retention.ms", -1, Long.MAX_VALUE, RetentionSettings.DEFAULT.retentionMillis()),
    /** The oldest segments of a partition may go while what is left is no smaller, in bytes; -1 keeps them. */
    RETENTION_BYTES("retention.bytes", -1, Long.MAX_VALUE, RetentionSettings.DEFAULT.retentionBytes());

    private final String key;
    private final long min;
    private final long max;
    private final long defaultValue;

    TopicConfig(String key, long min, long max, long defaultValue) {
        this.key = key;
        this.min = min;
        this.max = max;
        this.defaultValue = defaultValue;
    }

    /** The setting's name in requests and output. */
    public String key() {
        return key;
    }

    public long min() {
        return min;
    }

    public long max() {
        return max;
    }

    public long defaultValue() {
        return defaultValue;
    }

    public static Optional<TopicConfig> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(TopicConfig::key).toList();
    }

    /**
     * The value in force.
     *
     * @throws IllegalArgumentException if the map holds something that is not a whole number from min to max; the
     *     rules let no such value into an image
     */
    public long in(Map<String, String> config) {
        String text = config.get(key);
        if (text == null) {
            return defaultValue;
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(refusal(text), malformed);
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException(refusal(text));
        }
        return value;
    }

    private String refusal(String text) {
        return key + " '" + text + "' is not a whole number from " + min + " to " + max;
    }

    /**
     * What a partition gets. A topic of small segments that says nothing of its messages takes those that fit.
     *
     * @throws IllegalArgumentException if a value is out of range, or the two do not fit each other
     */
    public static PartitionSettings settingsOf(Map<String, String> config) {
        long segmentBytes = SEGMENT_BYTES.in(config);
        long messageBytes = config.containsKey(MAX_MESSAGE_BYTES.key)
                ? MAX_MESSAGE_BYTES.in(config)
                : Math.min(MAX_MESSAGE_BYTES.defaultValue, segmentBytes);
        return new PartitionSettings(Math.toIntExact(segmentBytes), Math.toIntExact(messageBytes));
    }

    /**
     * What a topic keeps.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public static RetentionSettings retentionOf(Map<String, String> config) {
        return new RetentionSettings(RETENTION_MS.in(config), RETENTION_BYTES.in(config));
    }
}
