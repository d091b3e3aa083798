package io.flotilla.raftlog.partition.rules;

/**
 * How long and how much a partition keeps, by Kafka's meaning of the settings.
 *
 * @param retentionMillis a segment goes when its newest record is older; in milliseconds, 0 or more, or
 *     {@link #UNLIMITED}
 * @param retentionBytes  the oldest segments go as long as what is left is no smaller; in bytes of one partition, 0 or
 *     more, or {@link #UNLIMITED}
 */
public record RetentionSettings(long retentionMillis, long retentionBytes) {
    public static final long UNLIMITED = -1;

    /** Seven days, however much that is. */
    public static final RetentionSettings DEFAULT = new RetentionSettings(7L * 24 * 3_600 * 1_000, UNLIMITED);

    public RetentionSettings {
        if (retentionMillis < UNLIMITED) {
            throw new IllegalArgumentException("retention.ms " + retentionMillis + " is below -1, which is unlimited");
        }
        if (retentionBytes < UNLIMITED) {
            throw new IllegalArgumentException(
                    "retention.bytes " + retentionBytes + " is below -1, which is unlimited");
        }
    }
}
