package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A history in memory that is being changed, and what a mutation must know to change it with aim. */
final class Draft {
    /** A send that was acknowledged. */
    record Acked(SendInvoked invoked, SendCompleted completed) {
        Place place() {
            return invoked.place();
        }

        long offset() {
            return completed.offset();
        }
    }

    private final List<Event> events;
    private final List<Acked> acked = new ArrayList<>();
    private final Map<Place, Set<Long>> polled = new HashMap<>();

    Draft(List<Event> history) {
        this.events = new ArrayList<>(history);
        Map<Long, SendInvoked> open = new HashMap<>();
        for (Event event : history) {
            if (event instanceof SendInvoked invoked) {
                open.put(invoked.op(), invoked);
            } else if (event instanceof SendCompleted completed && completed.outcome() == Outcome.OK) {
                SendInvoked invoked = open.get(completed.op());
                if (invoked != null) {
                    acked.add(new Acked(invoked, completed));
                }
            } else if (event instanceof Event.Polled poll) {
                Set<Long> offsets = polled.computeIfAbsent(poll.place(), ignored -> new HashSet<>());
                for (int i = 0; i < poll.records().size(); i++) {
                    offsets.add(poll.records().offset(i));
                }
            }
        }
    }

    /** The history as changed, in the order of time. */
    List<Event> history() {
        events.sort(Comparator.comparingLong(Event::nanos));
        return events;
    }

    List<Event> events() {
        return events;
    }

    List<Acked> acked() {
        return acked;
    }

    boolean isPolled(Place place, long offset) {
        return polled.getOrDefault(place, Set.of()).contains(offset);
    }

    /** An acknowledged and polled send in the middle of the history to a topic. */
    Acked ackedAndPolled(String topic) {
        return acked.stream()
                .skip(acked.size() / 2)
                .filter(send -> send.place().topic().equals(topic) && isPolled(send.place(), send.offset()))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no send to " + topic + " that was polled"));
    }

    <E extends Event> List<E> all(Class<E> kind, Predicate<E> wanted) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(wanted)
                .toList();
    }

    /** The first event that fits from a share of the history on. */
    <E extends Event> E first(Class<E> kind, double share, Predicate<E> wanted) {
        return events.stream()
                .skip((long) (events.size() * share))
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no fitting " + kind.getSimpleName()));
    }

    void replace(Event before, Event after) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) == before) {
                events.set(i, after);
                return;
            }
        }
        throw new NoSuchElementException("not in the history: " + before);
    }

    void remove(Event event) {
        events.removeIf(any -> any == event);
    }

    void add(Event... added) {
        events.addAll(List.of(added));
    }

    long phase(String name) {
        return first(Event.PhaseBegan.class, 0, began -> began.phase().equals(name))
                .nanos();
    }

    /** Changes the records that a node, or all (-1), have of a place at the end. */
    void finalRecords(Place place, int node, UnaryOperator<Records> change) {
        for (Event.FinalRead read :
                all(Event.FinalRead.class, any -> any.place().equals(place) && (node < 0 || any.node() == node))) {
            Records changed = change.apply(read.records());
            if (changed.size() == 0) {
                remove(read);
            } else {
                replace(read, new Event.FinalRead(read.nanos(), place, read.node(), changed));
            }
        }
    }

    void polledRecords(Place place, UnaryOperator<Records> change) {
        for (Event.Polled poll : all(Event.Polled.class, any -> any.place().equals(place))) {
            replace(poll, with(poll, change.apply(poll.records())));
        }
    }

    static Event.Polled with(Event.Polled poll, Records records) {
        return new Event.Polled(poll.nanos(), poll.startNanos(), poll.consumer(), poll.place(), records);
    }

    static SendCompleted at(SendCompleted sent, long offset) {
        return new SendCompleted(sent.nanos(), sent.op(), sent.process(), sent.outcome(), offset, sent.error());
    }

    static Records copy(Records records) {
        return without(records, -1);
    }

    /** Without the record at an offset. */
    static Records without(Records records, long offset) {
        var changed = new Records();
        for (int i = 0; i < records.size(); i++) {
            if (records.offset(i) != offset) {
                changed.add(records.offset(i), records.producer(i), records.sequence(i), records.timestamp(i));
            }
        }
        return changed;
    }

    /** With another value at an offset. */
    static Records with(Records records, long offset, int producer, long sequence) {
        var changed = new Records();
        for (int i = 0; i < records.size(); i++) {
            boolean here = records.offset(i) == offset;
            changed.add(
                    records.offset(i),
                    here ? producer : records.producer(i),
                    here ? sequence : records.sequence(i),
                    records.timestamp(i));
        }
        return changed;
    }
}
