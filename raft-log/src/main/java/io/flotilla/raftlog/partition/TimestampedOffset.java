package io.flotilla.raftlog.partition;

/**
 * A record found by time.
 *
 * @param timestampMillis the record's own timestamp, milliseconds since the epoch
 */
public record TimestampedOffset(long offset, long timestampMillis) {}
