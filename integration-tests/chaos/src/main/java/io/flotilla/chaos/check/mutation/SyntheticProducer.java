package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * An idempotent producer with some sends in flight, which end in order. In a fault's time some end with an unknown outcome,
 * stored or not, after which it goes on under a new number; some definitely fail.
 */
final class SyntheticProducer {
    private static final int IN_FLIGHT_MAX = 5;
    private static final int NUMBERS_PER_PROCESS = 10_000;

    private record Sent(long op, SyntheticLog log, long sequence) {}

    private final int process;
    private final SplittableRandom random;
    private final SyntheticClock clock;
    private final Consumer<Event> out;
    private final ArrayDeque<Sent> invoked = new ArrayDeque<>();
    private final ArrayDeque<Sent> appended = new ArrayDeque<>();
    private final ArrayDeque<Long> offsets = new ArrayDeque<>();
    private int producer;
    private long sequence;

    SyntheticProducer(int process, SplittableRandom random, SyntheticClock clock, Consumer<Event> out) {
        this.process = process;
        this.random = random;
        this.clock = clock;
        this.out = out;
        this.producer = process * NUMBERS_PER_PROCESS;
        opened();
    }

    private void opened() {
        out.accept(new Event.ProducerOpened(clock.next(), process, producer, true));
        sequence = 0;
    }

    /** Sends to the log, or goes on with what was sent before. */
    void work(SyntheticLog log, boolean fault) {
        int choice = random.nextInt(3);
        if (choice == 0 && invoked.size() + appended.size() < IN_FLIGHT_MAX) {
            invoke(log);
        } else if (choice == 1 && !invoked.isEmpty()) {
            append(fault);
        } else if (!appended.isEmpty()) {
            acknowledge();
        } else if (!invoked.isEmpty()) {
            append(fault);
        } else {
            invoke(log);
        }
    }

    void finish() {
        while (!invoked.isEmpty()) {
            append(false);
        }
        while (!appended.isEmpty()) {
            acknowledge();
        }
    }

    private void invoke(SyntheticLog log) {
        var sent = new Sent(clock.op(), log, sequence++);
        invoked.add(sent);
        out.accept(new Event.SendInvoked(
                clock.next(), sent.op, process, log.place(), producer, sent.sequence, SyntheticHistory.recordBytes()));
    }

    private void append(boolean fault) {
        int fate = fault ? random.nextInt(100) : 100;
        if (fate < 2) {
            giveUp();
            return;
        }
        Sent sent = invoked.remove();
        if (fate < 4) {
            out.accept(new Event.SendCompleted(clock.next(), sent.op, process, Outcome.FAIL, -1, "THROTTLED"));
            return;
        }
        store(sent);
        appended.add(sent);
    }

    private void store(Sent sent) {
        long timestamp = SyntheticHistory.wallMillis(clock.nanos());
        offsets.add(sent.log.append(producer, sent.sequence, timestamp));
    }

    private void acknowledge() {
        Sent sent = appended.remove();
        long offset = offsets.remove();
        out.accept(new Event.SendCompleted(clock.next(), sent.op, process, Outcome.OK, offset, ""));
    }

    private void giveUp() {
        while (!appended.isEmpty()) {
            acknowledge();
        }
        while (!invoked.isEmpty()) {
            Sent sent = invoked.remove();
            if (random.nextBoolean()) {
                store(sent);
                offsets.remove();
            }
            if (random.nextInt(10) > 0) { // else its end is never told
                out.accept(new Event.SendCompleted(clock.next(), sent.op, process, Outcome.INFO, -1, "TIMEOUT"));
            }
        }
        producer++;
        opened();
    }
}
