package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.PositionSet;
import io.flotilla.chaos.history.Event.Revoked;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * C9: what a consumer reads next follows what it read last; the first record after a position was set is the one there.
 * Offsets have no gaps. C15: what a consumer reads after it has set its position was not removed before that.
 */
final class PollOrderCheck implements Check {
    /** A position's line may be written a little after the consumer has begun to read. */
    private static final long POSITION_SLACK_NANOS = 1_000_000_000;

    /** Where one consumer stands in one partition. */
    private static final class Cursor {
        private long next;
        private long removedThen = -1;
    }

    private final Places places;
    private final Violations violations;
    private final Map<Integer, Map<Place, Cursor>> cursors = new HashMap<>();

    PollOrderCheck(Places places, Violations violations) {
        this.places = places;
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof Polled polled) {
            polled(polled);
        } else if (event instanceof PositionSet set) {
            var cursor = new Cursor();
            cursor.next = set.offset();
            cursor.removedThen = places.of(set.place()).starts.before(set.nanos() - POSITION_SLACK_NANOS);
            cursorsOf(set.consumer()).put(set.place(), cursor);
        } else if (event instanceof Revoked revoked) {
            Map<Place, Cursor> own = cursorsOf(revoked.consumer());
            revoked.places().forEach(own::remove);
        }
    }

    private void polled(Polled polled) {
        Map<Place, Cursor> own = cursorsOf(polled.consumer());
        @Nullable Cursor cursor = own.get(polled.place());
        Records records = polled.records();
        if (cursor == null) { // nothing is known about where it began
            cursor = new Cursor();
            cursor.next = records.offset(0);
            own.put(polled.place(), cursor);
        }
        violations.judged(CheckId.C9, records.size());
        for (int i = 0; i < records.size(); i++) {
            long offset = records.offset(i);
            if (offset != cursor.next) {
                violations.add(
                        CheckId.C9,
                        polled.nanos(),
                        polled.place(),
                        offset,
                        value(records, i),
                        "consumer " + polled.consumer() + " was to read offset " + cursor.next + ", and "
                                + (offset > cursor.next ? "skipped to " : "went back to ") + offset);
            }
            if (offset < cursor.removedThen) {
                violations.add(
                        CheckId.C15,
                        polled.nanos(),
                        polled.place(),
                        offset,
                        value(records, i),
                        "consumer " + polled.consumer() + " read offset " + offset
                                + ", but before it set its position, " + cursor.removedThen
                                + " was the log start offset");
            }
            cursor.next = offset + 1;
        }
    }

    private Map<Place, Cursor> cursorsOf(int consumer) {
        return cursors.computeIfAbsent(consumer, ignored -> new HashMap<>());
    }

    private static long value(Records records, int i) {
        return Value.of(records.producer(i), records.sequence(i));
    }
}
