package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Place;
import java.util.Arrays;

/**
 * Pass B: joins what was acknowledged, polled and finally read of one partition, offset by offset. It finds lost writes
 * (C1), values nobody sent (C2) or whose send failed (C3), duplicates (C4), offsets with two values (C5), producers whose
 * values are out of order (C8), rollbacks (C11), and replicas that differ (C16).
 *
 * <p>The log is what a client read at the end; a replica may end behind it, as a send of unknown outcome may be stored
 * late, or before it, as it may lag.
 */
final class PartitionAudit {
    private final Places places;
    private final Producers producers;
    private final Violations violations;
    private final ValueStates states = new ValueStates();
    private final ClaimWindow window = new ClaimWindow();

    // Of the partition at hand.
    private Place at = new Place("none", 0);
    private boolean hasLog;
    private long start;
    private long end;
    private long[] lastAcked = new long[16];
    private long[] lastAckedOffset = new long[16];

    PartitionAudit(Places places, Producers producers, Violations violations) {
        this.places = places;
        this.producers = producers;
        this.violations = violations;
    }

    void audit(PlaceState place) {
        at = place.place;
        FinalShape.Copy log = place.shape.leader();
        hasLog = log != null && log.isWhole();
        start = log == null ? Long.MAX_VALUE : log.start(places.mayMove(place));
        end = log == null ? Long.MAX_VALUE : log.end();
        if (!hasLog && !place.windows.isEmpty()) {
            violations.unknown(CheckId.C1, "no whole final read of " + place.place);
            violations.unknown(CheckId.C11, "no whole final read of " + place.place);
        }
        Arrays.fill(lastAcked, -1);
        states.clear();
        place.sends.forEach(this::send);
        for (long number : place.windows) {
            window.open(number);
            place.sends.forEach((flagged, offset) -> {
                if (offset >= 0) {
                    window.claim(flagged, offset);
                }
            });
            place.claims.forEach(window::claim);
            window.forEach(this::offset);
        }
    }

    private void send(long flagged, long offset) {
        int flags = ValueStates.SENT;
        if (offset >= 0) {
            flags |= ValueStates.OK;
        } else {
            flags |= offset == PlaceState.FAILED ? ValueStates.FAILED : ValueStates.MAYBE;
        }
        states.add(Value.name(flagged), flags);
    }

    private void offset(long offset, long[] values, int count) {
        violations.judged(CheckId.C5);
        if (count > 1) {
            conflict(offset, values);
        }
        for (int i = 0; i < count; i++) {
            value(offset, values[i]);
        }
    }

    private void conflict(long offset, long[] values) {
        var text = new StringBuilder("offset " + offset + " has");
        int copies = 0;
        for (long value : values) {
            text.append(' ')
                    .append(Value.text(value))
                    .append(" (")
                    .append(sources(value))
                    .append(')');
            copies += (Value.flags(value) & (PlaceState.FINAL | PlaceState.REPLICA)) == 0 ? 0 : 1;
        }
        violations.add(CheckId.C5, -1, at, offset, values[0], text.toString());
        if (copies > 1) {
            violations.add(CheckId.C16, -1, at, offset, values[0], text.toString());
        }
    }

    private void value(long offset, long flagged) {
        int flags = Value.flags(flagged);
        long name = Value.name(flagged);
        boolean isInLog = (flags & PlaceState.FINAL) != 0;
        if ((flags & PlaceState.ACKED) != 0) {
            violations.judged(CheckId.C1);
            if (hasLog && offset >= start && !isInLog) {
                violations.add(
                        CheckId.C1,
                        -1,
                        at,
                        offset,
                        name,
                        Value.text(name) + " was acknowledged at offset " + offset + ", where the final log, [" + start
                                + ", " + end + "), does not have it");
            }
            inOrder(offset, name);
        }
        if ((flags & PlaceState.POLLED) != 0) {
            violations.judged(CheckId.C11);
            if (hasLog && offset >= start && !isInLog) {
                violations.add(
                        CheckId.C11,
                        -1,
                        at,
                        offset,
                        name,
                        Value.text(name) + " was polled at offset " + offset + ", where the final log, [" + start + ", "
                                + end + "), does not have it");
            }
        }
        if ((flags & ~PlaceState.ACKED) != 0 && name != Value.FOREIGN) {
            read(offset, name, flags, isInLog);
        }
    }

    private void read(long offset, long name, int flags, boolean isInLog) {
        int state = states.get(name);
        if ((state & ValueStates.SENT) == 0) {
            violations.add(
                    CheckId.C2,
                    -1,
                    at,
                    offset,
                    name,
                    Value.text(name) + " at offset " + offset + " (" + sources(Value.flagged(name, flags))
                            + ") was never sent there");
            return;
        }
        violations.judged(CheckId.C3);
        if ((state & (ValueStates.FAILED | ValueStates.OK | ValueStates.MAYBE)) == ValueStates.FAILED) {
            violations.add(
                    CheckId.C3,
                    -1,
                    at,
                    offset,
                    name,
                    Value.text(name) + " at offset " + offset + " (" + sources(Value.flagged(name, flags))
                            + ") though its send has failed");
        }
        // What was polled and is not in the log is a rollback; where the log is not known any more, a poll tells.
        boolean counts = isInLog || ((flags & PlaceState.POLLED) != 0 && (!hasLog || offset < start));
        if (!counts) {
            return;
        }
        violations.judged(CheckId.C4);
        if ((state & ValueStates.MET) == 0) {
            states.add(name, ValueStates.MET);
        } else if (producers.isIdempotent(Value.producer(name))) {
            violations.add(
                    CheckId.C4,
                    -1,
                    at,
                    offset,
                    name,
                    Value.text(name) + " is at offset " + offset + " and at one before it");
        } else {
            violations.note(CheckId.C4, "values of plain producers twice");
        }
    }

    /** Only an idempotent producer promises that what it sends again does not fall behind what it sent since. */
    private void inOrder(long offset, long name) {
        int producer = Value.producer(name);
        if (producer >= lastAcked.length) {
            int old = lastAcked.length;
            lastAcked = Arrays.copyOf(lastAcked, Math.max(producer + 1, 2 * old));
            lastAckedOffset = Arrays.copyOf(lastAckedOffset, lastAcked.length);
            Arrays.fill(lastAcked, old, lastAcked.length, -1);
        }
        long sequence = Value.sequence(name);
        violations.judged(CheckId.C8);
        if (sequence < lastAcked[producer]) {
            if (producers.isIdempotent(producer)) {
                violations.add(
                        CheckId.C8,
                        -1,
                        at,
                        offset,
                        name,
                        Value.text(name) + " was acknowledged at offset " + offset + ", behind its successor "
                                + producer + "/" + lastAcked[producer] + " at " + lastAckedOffset[producer]);
            } else {
                violations.note(CheckId.C8, "values of plain producers out of order");
            }
        } else {
            lastAcked[producer] = sequence;
            lastAckedOffset[producer] = offset;
        }
    }

    private static String sources(long flagged) {
        int flags = Value.flags(flagged);
        var text = new StringBuilder();
        append(text, flags, PlaceState.ACKED, "acknowledged");
        append(text, flags, PlaceState.POLLED, "polled");
        append(text, flags, PlaceState.FINAL, "final log");
        append(text, flags, PlaceState.REPLICA, "replica");
        return text.toString();
    }

    private static void append(StringBuilder text, int flags, int flag, String word) {
        if ((flags & flag) != 0) {
            text.append(text.isEmpty() ? "" : ", ").append(word);
        }
    }
}
