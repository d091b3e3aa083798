package io.flotilla.raftlog.partition.rules;

import io.flotilla.raftlog.segment.SegmentDescription;
import java.util.List;

/**
 * Decides what a partition need not keep any longer: whole segments from the oldest on, while each is too old or more
 * than enough follows it. One leader decides by its clock; what it decided is replicated.
 */
public final class Retention {
    private Retention() {}

    /**
     * Where the log should begin.
     *
     * <p>A segment whose time is not known, or whose records have none, is never too old.
     *
     * @param oldestFirst from the one that holds the log's start on; not empty
     * @param nowMillis   milliseconds since the epoch
     * @return a segment's base offset, or the last one's end when none is kept
     */
    public static long logStart(List<SegmentDescription> oldestFirst, long nowMillis, RetentionSettings settings) {
        long bytesFromHere =
                oldestFirst.stream().mapToLong(SegmentDescription::bytes).sum();
        for (SegmentDescription segment : oldestFirst) {
            bytesFromHere -= segment.bytes();
            if (segment.isEmpty() || !(isTooOld(segment, nowMillis, settings) || isEnough(bytesFromHere, settings))) {
                return segment.baseOffset();
            }
        }
        return oldestFirst.get(oldestFirst.size() - 1).endOffset();
    }

    private static boolean isTooOld(SegmentDescription segment, long nowMillis, RetentionSettings settings) {
        return settings.retentionMillis() != RetentionSettings.UNLIMITED
                && segment.maxTimestamp().isPresent()
                && segment.maxTimestamp().getAsLong() >= 0
                && nowMillis - segment.maxTimestamp().getAsLong() > settings.retentionMillis();
    }

    private static boolean isEnough(long bytesBehind, RetentionSettings settings) {
        return settings.retentionBytes() != RetentionSettings.UNLIMITED && bytesBehind >= settings.retentionBytes();
    }
}
