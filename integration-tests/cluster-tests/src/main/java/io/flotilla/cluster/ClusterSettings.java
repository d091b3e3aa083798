package io.flotilla.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a cluster of processes looks like.
 *
 * @param brokers   1 to 9; their node ids are 1, 2, … The first three, or the first alone if there are fewer, are the
 *     seeds
 * @param directory holds everything: {@code broker-<id>/data}, {@code broker-<id>/broker.properties} and
 *     {@code broker-<id>/broker.log}
 * @param heapMib   heap of each broker in MiB, 64 or more
 * @param overrides settings for every broker, by the names of its configuration file
 */
public record ClusterSettings(int brokers, Path directory, int heapMib, Map<String, String> overrides) {
    public static final int DEFAULT_HEAP_MIB = 512;
    private static final int BROKERS_MAX = 9;
    private static final int HEAP_MIB_MIN = 64;
    private static final int SEEDS_MAX = 3;

    public ClusterSettings {
        if (brokers < 1 || brokers > BROKERS_MAX) {
            throw new IllegalArgumentException("brokers " + brokers + " is outside [1, " + BROKERS_MAX + "]");
        }
        if (heapMib < HEAP_MIB_MIN) {
            throw new IllegalArgumentException("heap of " + heapMib + " MiB is below " + HEAP_MIB_MIN);
        }
        directory = directory.toAbsolutePath().normalize();
        overrides = Map.copyOf(overrides);
    }

    /** Brokers with a heap of {@value #DEFAULT_HEAP_MIB} MiB and default settings. */
    public static ClusterSettings of(int brokers, Path directory) {
        return new ClusterSettings(brokers, directory, DEFAULT_HEAP_MIB, Map.of());
    }

    /** The same with one more setting for every broker. */
    public ClusterSettings with(String name, String value) {
        Map<String, String> more = new HashMap<>(overrides);
        more.put(name, value);
        return new ClusterSettings(brokers, directory, heapMib, more);
    }

    /** The same with another heap. */
    public ClusterSettings withHeapMib(int newHeapMib) {
        return new ClusterSettings(brokers, directory, newHeapMib, overrides);
    }

    int seeds() {
        return brokers < SEEDS_MAX ? 1 : SEEDS_MAX;
    }
}
