package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.HistoryWriter;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small history that a test writes line by line, in seconds, and has judged. Producers 0 to 9 are idempotent. */
final class Script {
    static final Place P = new Place("t", 0);

    private static final long SECOND = 1_000_000_000;

    private final List<Event> events = new ArrayList<>();
    private long op;

    Script() {
        for (int producer = 0; producer < 10; producer++) {
            add(new Event.ProducerOpened(0, producer, producer, true));
        }
    }

    static long at(double seconds) {
        return (long) (seconds * SECOND);
    }

    Script add(Event event) {
        events.add(event);
        return this;
    }

    Script topic(Map<String, String> settings) {
        return add(new Event.TopicUsed(0, P.topic(), 1, 3, new TreeMap<>(settings)));
    }

    /** A send of producer's value {@code sequence} from one time to another, by a process of the producer's number. */
    Script send(double from, double to, int producer, long sequence, Outcome outcome, long offset) {
        op++;
        add(new Event.SendInvoked(at(from), op, producer, P, producer, sequence, 1));
        String error = outcome == Outcome.OK ? "" : "ERROR";
        return add(new Event.SendCompleted(at(to), op, producer, outcome, offset, error));
    }

    Script ok(double from, double to, int producer, long sequence, long offset) {
        return send(from, to, producer, sequence, Outcome.OK, offset);
    }

    Script position(double time, int consumer, long offset) {
        return add(new Event.PositionSet(at(time), consumer, P, offset));
    }

    /** Records: offset, producer, sequence, and so on. */
    Script poll(double time, int consumer, long... records) {
        return add(new Event.Polled(at(time), at(time) - 1, consumer, P, records(records)));
    }

    Script bound(double from, double to, boolean end, long offset) {
        return add(new Event.BoundRead(at(to), at(from), 50, P, end, offset));
    }

    Script finalLog(int node, long start, long end, long... records) {
        add(new Event.FinalBounds(at(1_000), P, node, start, end, node == 0 ? "" : "d"));
        return records.length == 0 ? this : add(new Event.FinalRead(at(1_001), P, node, records(records)));
    }

    Script commit(double from, double to, int consumer, int generation, long offset, Outcome outcome) {
        op++;
        add(new Event.CommitInvoked(at(from), op, "g", consumer, generation, P, offset));
        return add(new Event.CommitCompleted(at(to), op, "g", consumer, outcome, ""));
    }

    Script assigned(double time, int consumer, int generation) {
        return add(new Event.Assigned(at(time), "g", consumer, generation, List.of(P)));
    }

    Script revoked(double time, int consumer, int generation) {
        return add(new Event.Revoked(at(time), "g", consumer, generation, List.of(P), false));
    }

    Script admin(double from, double to, String call, String value, Outcome outcome, String answer) {
        op++;
        add(new Event.AdminInvoked(at(from), op, (int) op, call, "r", value));
        return add(new Event.AdminCompleted(at(to), op, (int) op, outcome, answer, ""));
    }

    Script fault(double time, int episode, String fault, String phase) {
        return add(new Event.FaultStep(at(time), episode, fault, phase, List.of(1), new TreeMap<>(), ""));
    }

    Script phase(double time, String name) {
        return add(new Event.PhaseBegan(at(time), name));
    }

    Judgement judge() {
        events.sort(Comparator.comparingLong(Event::nanos));
        try {
            Path directory = Files.createTempDirectory("script");
            try (HistoryWriter writer = HistoryWriter.open(directory, "script")) {
                events.forEach(writer::write);
            }
            Judgement judgement =
                    Judge.judge(directory, JudgeSettings.defaults().withOkOperationsMin(0));
            Files.delete(directory.resolve("script.jsonl"));
            Files.delete(directory);
            return judgement;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Records records(long... fields) {
        var records = new Records();
        for (int i = 0; i < fields.length; i += 3) {
            records.add(fields[i], (int) fields[i + 1], fields[i + 2], fields[i]);
        }
        return records;
    }
}
