package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;

/** Hands what was read on to pass B, and finds foreign records (C2), gaps in final logs (C6) and times that go back (C19). */
final class Reads {
    private final Places places;
    private final Violations violations;

    Reads(Places places, Violations violations) {
        this.places = places;
        this.violations = violations;
    }

    void see(Polled polled) {
        PlaceState place = places.of(polled.place());
        Records records = polled.records();
        for (int i = 0; i < records.size(); i++) {
            claim(place, records, i, PlaceState.POLLED, "polled by consumer " + polled.consumer(), polled.nanos());
        }
        place.committed.raise(polled.nanos(), records.offset(records.size() - 1));
    }

    void see(FinalRead read) {
        PlaceState place = places.of(read.place());
        boolean fromLeader = read.node() == FinalRead.FROM_LEADER;
        int flag = fromLeader ? PlaceState.FINAL : PlaceState.REPLICA;
        FinalShape.Copy copy = place.shape.copy(read.node());
        boolean appendTimes = "LogAppendTime".equals(places.setting(read.place(), "message.timestamp.type"));
        Records records = read.records();
        violations.judged(CheckId.C6, records.size());
        for (int i = 0; i < records.size(); i++) {
            claim(place, records, i, flag, source(read.node()), -1);
            long offset = records.offset(i);
            if (copy.first < 0) {
                copy.first = offset;
                copy.firstNanos = read.nanos();
            } else if (offset != copy.last + 1) {
                violations.add(
                        CheckId.C6,
                        -1,
                        read.place(),
                        offset,
                        0,
                        source(read.node()) + ": offset " + offset + " follows " + copy.last);
            }
            copy.last = offset;
            long timestamp = records.timestamp(i);
            if (appendTimes) {
                violations.judged(CheckId.C19);
                if (timestamp < copy.lastTimestamp) {
                    violations.add(
                            CheckId.C19,
                            -1,
                            read.place(),
                            offset,
                            0,
                            source(read.node()) + ": append time " + timestamp + " after " + copy.lastTimestamp);
                }
            }
            copy.lastTimestamp = timestamp;
        }
    }

    void see(FinalBounds bounds) {
        places.of(bounds.place()).shape.copy(bounds.node()).bounds = bounds;
    }

    /** Compares where final logs begin and end with what their bounds promise. */
    void end() {
        for (PlaceState place : places.all()) {
            place.shape.copies().forEach((node, copy) -> {
                FinalBounds bounds = copy.bounds;
                if (bounds != null) {
                    compare(place, node, copy, bounds);
                }
            });
        }
    }

    private void compare(PlaceState place, int node, FinalShape.Copy copy, FinalBounds bounds) {
        Place name = place.place;
        if (!copy.hasRecords()) {
            // Of a replica perhaps only the bounds and the digest were read; C1 and C11 judge a log without records.
            if (node == FinalRead.FROM_LEADER && bounds.logEnd() > bounds.logStart()) {
                violations.add(
                        CheckId.C6,
                        -1,
                        name,
                        bounds.logStart(),
                        0,
                        source(node) + " has no record of [" + bounds.logStart() + ", " + bounds.logEnd() + ")");
            }
            return;
        }
        if (copy.first > copy.start(places.mayMove(place))) {
            violations.add(
                    CheckId.C6,
                    -1,
                    name,
                    bounds.logStart(),
                    0,
                    source(node) + " begins at offset " + copy.first + ", its bounds say " + bounds.logStart());
        }
        if (copy.last + 1 < bounds.logEnd()) {
            violations.add(
                    CheckId.C6,
                    -1,
                    name,
                    copy.last + 1,
                    0,
                    source(node) + " ends before offset " + (copy.last + 1) + ", its bounds say " + bounds.logEnd());
        }
    }

    private void claim(PlaceState place, Records records, int i, int flag, String source, long nanos) {
        long offset = records.offset(i);
        long value = Value.of(records.producer(i), records.sequence(i));
        violations.judged(CheckId.C2);
        if (value == Value.FOREIGN) {
            violations.add(
                    CheckId.C2,
                    nanos,
                    place.place,
                    offset,
                    value,
                    source + ": the record at offset " + offset + " carries no value of this run");
        }
        place.claim(value, flag, offset);
    }

    private static String source(int node) {
        return node == FinalRead.FROM_LEADER ? "the final log" : "the replica of node " + node;
    }
}
