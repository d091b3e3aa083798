package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Records;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Reads one partition from its beginning, seeks now and then, and goes to the log's start where its records are gone. */
final class SyntheticConsumer {
    private static final int RECORDS_MAX = 50;

    private final int consumer;
    private final SyntheticLog log;
    private final SyntheticClock clock;
    private final Consumer<Event> out;
    private long position;

    SyntheticConsumer(int consumer, SyntheticLog log, SyntheticClock clock, Consumer<Event> out) {
        this.consumer = consumer;
        this.log = log;
        this.clock = clock;
        this.out = out;
        seek(0);
    }

    void work(SplittableRandom random) {
        if (position < log.start()) {
            seek(log.start());
        } else if (random.nextInt(200) == 0) {
            seek(log.start() + random.nextLong(1 + log.end() - log.start()));
        }
        long asked = clock.next();
        Records records = log.read(position, 1 + random.nextInt(RECORDS_MAX));
        if (records.size() > 0) {
            out.accept(new Event.Polled(clock.next(), asked, consumer, log.place(), records));
            position += records.size();
        }
    }

    private void seek(long offset) {
        position = offset;
        out.accept(new Event.PositionSet(clock.next(), consumer, log.place(), offset));
    }
}
