package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.ResourcesRead;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What brokers used, node by node. Of more readings than can be drawn every second one is forgotten, again and again.
 *
 * <p>Threading: confined to the reader of the history.
 */
final class ResourceSeries {
    private static final int READINGS_MAX = 4_096;

    private final SortedMap<Integer, Series> nodes = new TreeMap<>();

    private static final class Series {
        private final List<ResourcesRead> readings = new ArrayList<>();
        private int stride = 1;
        private long seen;

        private void add(ResourcesRead reading) {
            if (seen++ % stride == 0) {
                readings.add(reading);
            }
            if (readings.size() >= READINGS_MAX) {
                for (int i = readings.size() - 1; i > 0; i -= 2) {
                    readings.remove(i);
                }
                stride *= 2;
            }
        }
    }

    void read(ResourcesRead reading) {
        nodes.computeIfAbsent(reading.node(), unused -> new Series()).add(reading);
    }

    SortedMap<Integer, List<ResourcesRead>> finish() {
        SortedMap<Integer, List<ResourcesRead>> all = new TreeMap<>();
        nodes.forEach((node, series) -> all.put(node, List.copyOf(series.readings)));
        return all;
    }
}
