package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.FinalRead;
import io.flotilla.chaos.history.Event.LeaderSeen;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.HistoryReader;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells for each example of a violation what else the history says about it: who sent the value when, who polled the
 * offset, which nodes have it, who led, and what was broken at that time. Reads the history once more.
 */
final class Stories {
    /** Parts of one story that are told. */
    private static final int LINES_MAX = 8;

    private record Spot(Place place, long offset) {}

    private record Call(int process, long op) {}

    /** An example and what was found about it. */
    private static final class Story {
        private final Violation violation;
        private final Set<String> lines = new LinkedHashSet<>();
        private long nanos;

        private Story(Violation violation) {
            this.violation = violation;
            this.nanos = violation.nanos();
        }

        private void tell(long at, String line) {
            if (nanos < 0) {
                nanos = at;
            }
            if (lines.size() < LINES_MAX) {
                lines.add(String.format("%.3f s: %s", at / 1e9, line));
            }
        }
    }

    private final Episodes episodes;
    private final Map<CheckId, List<Story>> stories = new EnumMap<>(CheckId.class);
    private final Map<Spot, List<Story>> bySpot = new HashMap<>();
    private final Map<Spot, List<Story>> byValue = new HashMap<>(); // a value of a place, in the offset's place
    private final Set<Place> places = new HashSet<>();
    private final Map<Call, Spot> sends = new HashMap<>();
    private final Map<Place, LeaderSeen> leaders = new HashMap<>();

    private Stories(Violations violations, Episodes episodes) {
        this.episodes = episodes;
        for (CheckId id : CheckId.values()) {
            for (Violation violation : violations.examples(id)) {
                var story = new Story(violation);
                stories.computeIfAbsent(id, ignored -> new ArrayList<>()).add(story);
                index(story);
            }
        }
    }

    /** The examples of every check, told. */
    static Map<CheckId, List<String>> of(Path history, Violations violations, Episodes episodes) {
        var stories = new Stories(violations, episodes);
        if (!stories.places.isEmpty()) {
            HistoryReader.read(history, stories::see);
        }
        return stories.told();
    }

    private void index(Story story) {
        Place place = story.violation.place();
        if (place == null || !story.violation.isOfRecord()) {
            return;
        }
        places.add(place);
        if (story.violation.offset() >= 0) {
            bySpot.computeIfAbsent(new Spot(place, story.violation.offset()), ignored -> new ArrayList<>())
                    .add(story);
        }
        if (story.violation.value() != 0 && story.violation.value() != Value.FOREIGN) {
            byValue.computeIfAbsent(new Spot(place, Value.name(story.violation.value())), ignored -> new ArrayList<>())
                    .add(story);
        }
    }

    private void see(Event event) {
        if (event instanceof SendInvoked send) {
            if (places.contains(send.place())) {
                sendInvoked(send);
            }
        } else if (event instanceof SendCompleted sent) {
            sendCompleted(sent);
        } else if (event instanceof Polled polled) {
            records(polled.place(), polled.nanos(), polled.records(), "polled by consumer " + polled.consumer());
        } else if (event instanceof FinalRead read) {
            records(
                    read.place(),
                    read.nanos(),
                    read.records(),
                    read.node() == FinalRead.FROM_LEADER ? "final log" : "final replica of node " + read.node());
        } else if (event instanceof LeaderSeen seen) {
            leaders.put(seen.place(), seen);
        }
    }

    private void sendInvoked(SendInvoked send) {
        long value = Value.of(send.producer(), send.sequence());
        // All sends to these places are watched: an acknowledgement of another value at the same offset is of interest.
        sends.put(new Call(send.process(), send.op()), new Spot(send.place(), value));
        for (Story story : byValue.getOrDefault(new Spot(send.place(), value), List.of())) {
            story.tell(
                    send.nanos(),
                    "process " + send.process() + " began to send " + Value.text(value) + " (op " + send.op() + ")");
        }
    }

    private void sendCompleted(SendCompleted sent) {
        Spot sending = sends.remove(new Call(sent.process(), sent.op()));
        if (sending == null) {
            return;
        }
        Set<Story> concerned = new LinkedHashSet<>(byValue.getOrDefault(sending, List.of()));
        concerned.addAll(bySpot.getOrDefault(new Spot(sending.place, sent.offset()), List.of()));
        for (Story story : concerned) {
            LeaderSeen leader = leaders.get(sending.place);
            story.tell(
                    sent.nanos(),
                    Value.text(sending.offset) + " " + sent.outcome()
                            + (sent.offset() >= 0 ? " at offset " + sent.offset() : " " + sent.error())
                            + " (op " + sent.op() + ", process " + sent.process()
                            + (leader == null ? "" : ", node " + leader.node() + " leads in term " + leader.term())
                            + ")");
        }
    }

    private void records(Place place, long nanos, Records records, String by) {
        if (!places.contains(place)) {
            return;
        }
        for (int i = 0; i < records.size(); i++) {
            long value = Value.of(records.producer(i), records.sequence(i));
            long offset = records.offset(i);
            List<Story> here = bySpot.getOrDefault(new Spot(place, offset), List.of());
            List<Story> same = byValue.getOrDefault(new Spot(place, value), List.of());
            if (here.isEmpty() && same.isEmpty()) {
                continue;
            }
            String line = by + ": " + Value.text(value) + " at offset " + offset;
            here.forEach(story -> story.tell(nanos, line));
            same.forEach(story -> story.tell(nanos, line));
        }
    }

    private Map<CheckId, List<String>> told() {
        Map<CheckId, List<String>> told = new EnumMap<>(CheckId.class);
        stories.forEach((id, list) -> told.put(id, list.stream().map(this::told).toList()));
        return told;
    }

    private String told(Story story) {
        @Nullable Place place = story.violation.place();
        var text = new StringBuilder(place == null ? "" : place + ": ");
        text.append(story.violation.text());
        if (story.violation.nanos() >= 0) {
            text.append(String.format(" [%.3f s]", story.violation.nanos() / 1e9));
        }
        if (story.nanos >= 0) {
            text.append(", ").append(episodes.at(story.nanos));
        }
        if (!story.lines.isEmpty()) {
            text.append(" | ").append(String.join(" | ", story.lines));
        }
        return text.toString();
    }
}
