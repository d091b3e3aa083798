package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.OutOfRange;
import io.flotilla.chaos.port.ReaderPort;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One consumer that reads along from the end of its partitions; one that wanders seeks to random places now and then.
 *
 * <p>Threading: one thread steps.
 */
final class Follower implements ClientThreads.Step {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PAUSE_MILLIS = 200;

    /** A wanderer rereads what there is: it is held back, since others need the processors too. */
    private static final long WANDERING_PAUSE_MILLIS = 50;

    private final ReaderPort port;
    private final AdminPort admin;
    private final List<Place> places;
    private final Reading reading;
    private final Recorder recorder;
    private final OptionalInt seekEvery;
    private final SplittableRandom random;
    private boolean assigned;

    /** @param seekEvery so many polls on average; empty for a consumer that does not wander */
    Follower(
            Recorder recorder,
            Values values,
            ReaderPort port,
            AdminPort admin,
            List<Place> places,
            OptionalInt seekEvery,
            SplittableRandom random) {
        this.recorder = recorder;
        this.port = port;
        this.admin = admin;
        this.places = List.copyOf(places);
        this.reading = new Reading(recorder, values);
        this.seekEvery = seekEvery;
        this.random = random;
    }

    int consumer() {
        return reading.consumer();
    }

    @Override
    public void run() throws InterruptedException {
        if (!assigned) {
            assign();
            return;
        }
        if (seekEvery.isPresent() && random.nextInt(seekEvery.getAsInt()) == 0) {
            wander();
        }
        long startNanos = recorder.nanos();
        try {
            reading.polled(startNanos, port.poll(POLL));
        } catch (OutOfRange outside) {
            returnToRange();
        }
        if (!port.takeError().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        if (seekEvery.isPresent()) {
            TimeUnit.MILLISECONDS.sleep(WANDERING_PAUSE_MILLIS);
        }
    }

    private void assign() throws InterruptedException {
        Map<Place, Long> ends = new HashMap<>();
        for (Place place : places) {
            Answer<Long> end = admin.logEnd(place);
            if (!end.isOk()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                return;
            }
            ends.put(place, end.get());
        }
        port.assign(ends);
        ends.forEach(reading::set);
        assigned = true;
    }

    private void wander() {
        Place place = places.get(random.nextInt(places.size()));
        Answer<Long> start = admin.logStart(place);
        Answer<Long> end = start.isOk() ? admin.logEnd(place) : start;
        if (end.isOk() && start.get() <= end.get()) {
            seek(place, start.get() + random.nextLong(end.get() - start.get() + 1));
        }
    }

    private void seek(Place place, long offset) {
        port.seek(place, offset);
        reading.set(place, offset);
    }

    /** Which partition it was is not said: all are looked at. */
    private void returnToRange() {
        for (Place place : places) {
            Answer<Long> start = admin.logStart(place);
            Answer<Long> end = start.isOk() ? admin.logEnd(place) : start;
            if (end.isOk()) {
                long position = reading.positions().getOrDefault(place, 0L);
                long inside = Math.max(start.get(), Math.min(end.get(), position));
                if (inside != position) {
                    seek(place, inside);
                }
            }
        }
    }
}
