package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Place;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A topic under test.
 *
 * @param settings its own
 */
public record Topic(String name, int partitions, int replicas, Map<String, String> settings) {
    public Topic {
        settings = Map.copyOf(settings);
    }

    /** All its partitions. */
    public List<Place> places() {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new Place(name, partition))
                .toList();
    }
}
