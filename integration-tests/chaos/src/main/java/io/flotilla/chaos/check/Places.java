package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.TopicUsed;
import io.flotilla.chaos.history.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All partitions of a history, and the settings of their topics. */
final class Places {
    private final Spill spill;
    private final Map<Place, PlaceState> states = new LinkedHashMap<>();
    private final Map<String, TopicUsed> topics = new HashMap<>();

    Places(Spill spill) {
        this.spill = spill;
    }

    PlaceState of(Place place) {
        PlaceState state = states.get(place);
        if (state == null) {
            state = new PlaceState(place, spill);
            states.put(place, state);
        }
        return state;
    }

    Collection<PlaceState> all() {
        return states.values();
    }

    void see(TopicUsed topic) {
        topics.put(topic.topic(), topic);
    }

    /** A setting of a partition's topic, null if it has none. */
    @Nullable
    String setting(Place place, String name) {
        TopicUsed topic = topics.get(place.topic());
        return topic == null ? null : topic.settings().get(name);
    }

    /** Whether records may vanish from the beginning of a partition, by age, by size, or because somebody asked. */
    boolean mayMove(PlaceState place) {
        return place.trimAskedMax >= 0
                || setting(place.place, "retention.ms") != null
                || setting(place.place, "retention.bytes") != null;
    }
}
