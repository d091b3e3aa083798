package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import io.flotilla.chaos.port.Received;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes of one consumer: where it reads next, and what its polls returned.
 *
 * <p>Threading: confined to the consumer's thread.
 */
final class Reading {
    private final Recorder recorder;
    private final Values values;
    private final int consumer;
    private final Map<Place, Long> positions = new LinkedHashMap<>();

    Reading(Recorder recorder, Values values) {
        this.recorder = recorder;
        this.values = values;
        this.consumer = recorder.nextProcess();
    }

    int consumer() {
        return consumer;
    }

    /** Next offsets by partition, as far as known. */
    Map<Place, Long> positions() {
        return positions;
    }

    void set(Place place, long offset) {
        positions.put(place, offset);
        recorder.write(nanos -> new Event.PositionSet(nanos, consumer, place, offset));
    }

    /** Forgets a partition that is read no more. */
    void drop(Place place) {
        positions.remove(place);
    }

    /** @param startNanos when the poll began, in the time of the run */
    void polled(long startNanos, List<Received> received) {
        Map<Place, Records> byPlace = new LinkedHashMap<>();
        received.forEach(one -> {
            values.add(byPlace.computeIfAbsent(one.place(), any -> new Records()), one);
            positions.put(one.place(), one.offset() + 1);
        });
        byPlace.forEach((place, records) ->
                recorder.write(nanos -> new Event.Polled(nanos, startNanos, consumer, place, records)));
        recorder.count("records read", received.size());
    }
}
