package io.flotilla.examples;

import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Counts of words in tumbling windows, by the time of the records and not by the clock, so that reading the same records
 * again gives the same counts.
 *
 * <p>A window is closed once all partitions have been read beyond its end by the grace; a partition that was read to its end
 * holds nobody up. Words of closed windows come too late and are left out.
 *
 * <p>Threading: confined to one thread.
 */
final class WindowedCounts {
    private final long sizeMillis;
    private final long graceMillis;
    private final Map<TopicPartition, Part> parts = new HashMap<>();
    private long closedUpToMillis;

    /** What one partition has contributed to the windows that are open. */
    private static final class Part {
        private final TreeMap<Long, Window> windows = new TreeMap<>();
        private long newestMillis;
        private boolean readToItsEnd;
    }

    private static final class Window {
        private final long firstOffset;
        private final Map<String, Long> counts = new HashMap<>();

        Window(long firstOffset) {
            this.firstOffset = firstOffset;
        }
    }

    /**
     * @param size  of a window
     * @param grace how much later than others a record may come and still be counted
     */
    WindowedCounts(Duration size, Duration grace) {
        this.sizeMillis = size.toMillis();
        this.graceMillis = grace.toMillis();
    }

    /**
     * A partition is read from now on.
     *
     * @param closedBefore what {@link #closedUpToMillis} was when its offset was committed, 0 if nothing was
     */
    void begin(TopicPartition partition, long closedBefore) {
        parts.put(partition, new Part());
        closedUpToMillis = Math.max(closedUpToMillis, closedBefore);
    }

    /** A partition is read by somebody else from now on, who counts its open windows anew. */
    void forget(TopicPartition partition) {
        parts.remove(partition);
    }

    /** @return false if the record comes too late to be counted */
    boolean add(TopicPartition partition, long offset, long timestampMillis, String line) {
        Part part = Objects.requireNonNull(parts.get(partition), "a partition that is not read");
        part.newestMillis = Math.max(part.newestMillis, timestampMillis);
        long start = Math.floorDiv(timestampMillis, sizeMillis) * sizeMillis;
        if (start + sizeMillis <= closedUpToMillis) {
            return false;
        }
        Window window = part.windows.computeIfAbsent(start, unused -> new Window(offset));
        for (String word : line.strip().toLowerCase(Locale.ROOT).split("\\s+")) {
            if (!word.isEmpty()) {
                window.counts.merge(word, 1L, Long::sum);
            }
        }
        return true;
    }

    void readToItsEnd(TopicPartition partition, boolean is) {
        Objects.requireNonNull(parts.get(partition), "a partition that is not read").readToItsEnd = is;
    }

    /** Closes what is over, and returns its counts by {@code word@start of the window}. To be called after each record. */
    Map<String, Long> close() {
        closedUpToMillis = Math.max(closedUpToMillis, readByAll() - graceMillis);
        Map<String, Long> counts = new TreeMap<>();
        for (Part part : parts.values()) {
            Map<Long, Window> over = part.windows.headMap(closedUpToMillis - sizeMillis, true);
            over.forEach((start, window) -> window.counts.forEach(
                    (word, count) -> counts.merge(word + "@" + Instant.ofEpochMilli(start), count, Long::sum)));
            over.clear();
        }
        return counts;
    }

    private long readByAll() {
        long newest = parts.values().stream()
                .mapToLong(part -> part.newestMillis)
                .max()
                .orElse(0);
        return parts.values().stream()
                .mapToLong(part -> part.readToItsEnd ? newest : part.newestMillis)
                .min()
                .orElse(0);
    }

    /** Windows that end here or before are closed, in milliseconds since the epoch. */
    long closedUpToMillis() {
        return closedUpToMillis;
    }

    /**
     * Where a successor has to begin to count what is open here.
     *
     * @param position offset of the next record
     */
    long firstNeeded(TopicPartition partition, long position) {
        return Objects.requireNonNull(parts.get(partition), "a partition that is not read").windows.values().stream()
                .mapToLong(window -> window.firstOffset)
                .min()
                .orElse(position);
    }
}
