package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.Arrays;

/** One partition of a cluster that exists only in arithmetic. */
final class SyntheticLog {
    private final Place place;
    private int[] producers = new int[64];
    private long[] sequences = new long[64];
    private long[] timestamps = new long[64];
    private int end;
    private int start;
    private int term = 1;
    private int leader = 1;

    SyntheticLog(Place place) {
        this.place = place;
    }

    Place place() {
        return place;
    }

    long append(int producer, long sequence, long timestamp) {
        if (end == producers.length) {
            producers = Arrays.copyOf(producers, 2 * end);
            sequences = Arrays.copyOf(sequences, 2 * end);
            timestamps = Arrays.copyOf(timestamps, 2 * end);
        }
        producers[end] = producer;
        sequences[end] = sequence;
        timestamps[end] = timestamp;
        return end++;
    }

    /** Records from an offset on; empty at the end. */
    Records read(long from, int max) {
        var records = new Records();
        for (int i = (int) from; i < Math.min(end, from + max); i++) {
            records.add(i, producers[i], sequences[i], timestamps[i]);
        }
        return records;
    }

    long end() {
        return end;
    }

    long start() {
        return start;
    }

    void trim(long offset) {
        start = (int) Math.max(start, Math.min(offset, end));
    }

    void elect(int node) {
        term++;
        leader = node;
    }

    int term() {
        return term;
    }

    int leader() {
        return leader;
    }
}
