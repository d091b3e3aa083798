package io.flotilla.controlplane;

import io.flotilla.metadata.MetadataImage;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Tells two images apart. */
final class ImageDifference {
    private ImageDifference() {}

    /** The first part in which they differ, with both values; empty if they are equal. */
    static Optional<String> between(MetadataImage expected, MetadataImage found) {
        if (expected.equals(found)) {
            return Optional.empty();
        }
        return Stream.of(
                        part("cluster id", expected.clusterId(), found.clusterId()),
                        part("version", expected.version(), found.version()),
                        entry("topic", expected.topics(), found.topics()),
                        entry("deleted topic", expected.deletedTopics(), found.deletedTopics()),
                        entry("broker", expected.brokers(), found.brokers()),
                        part("operations", expected.operations(), found.operations()),
                        part("next producer id", expected.nextProducerId(), found.nextProducerId()))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> Optional.of("a part that is not known here"));
    }

    private static Optional<String> part(String name, Object expected, Object found) {
        return expected.equals(found)
                ? Optional.empty()
                : Optional.of(name + ": expected " + expected + ", found " + found);
    }

    private static <K extends Comparable<K>, V> Optional<String> entry(
            String name, Map<K, V> expected, Map<K, V> found) {
        SortedSet<K> keys = new TreeSet<>(expected.keySet());
        keys.addAll(found.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(expected.get(key), found.get(key)))
                .findFirst()
                .map(key -> name + " " + key + ": expected " + expected.get(key) + ", found " + found.get(key));
    }
}
