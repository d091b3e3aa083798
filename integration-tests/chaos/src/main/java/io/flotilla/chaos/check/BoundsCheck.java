package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.BoundRead;
import io.flotilla.chaos.history.Event.TrimCompleted;
import io.flotilla.chaos.history.Event.TrimInvoked;
import io.flotilla.chaos.history.Outcome;
import java.util.HashMap;
import java.util.Map;

/**
 * C10 of partitions: a high watermark that was read lies above everything known to be committed before the read began,
 * and never above the log's end at last. C15 of bounds: a log start offset that was read, or asked for with success,
 * before a read began, is no longer undercut by it; and no high watermark lies below it.
 */
final class BoundsCheck implements Check {
    private final Places places;
    private final Violations violations;
    private final Map<Long, TrimInvoked> trims = new HashMap<>();
    private final Map<PlaceState, BoundRead> highestEnds = new HashMap<>();

    BoundsCheck(Places places, Violations violations) {
        this.places = places;
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof BoundRead read) {
            if (read.end()) {
                endRead(read);
            } else {
                startRead(read);
            }
        } else if (event instanceof TrimInvoked trim) {
            trims.put((long) trim.process() << 40 | trim.op(), trim);
            PlaceState place = places.of(trim.place());
            place.trimAskedMax = Math.max(place.trimAskedMax, trim.offset());
        } else if (event instanceof TrimCompleted trimmed) {
            TrimInvoked trim = trims.remove((long) trimmed.process() << 40 | trimmed.op());
            if (trim != null && trimmed.outcome() == Outcome.OK) {
                places.of(trim.place()).starts.raise(trimmed.nanos(), trim.offset());
            }
        }
    }

    private void endRead(BoundRead read) {
        PlaceState place = places.of(read.place());
        long committed = place.committed.before(read.startNanos());
        if (committed == FloorHistory.FORGOTTEN) {
            violations.note(CheckId.C10, "reads that took too long to be judged");
        } else {
            violations.judged(CheckId.C10);
            if (read.offset() <= committed) {
                violations.add(
                        CheckId.C10,
                        read.nanos(),
                        read.place(),
                        committed,
                        0,
                        "process " + read.process() + " read high watermark " + read.offset() + ", but offset "
                                + committed + " was known to be committed before it asked");
            }
        }
        long removed = place.starts.before(read.startNanos());
        if (removed != FloorHistory.FORGOTTEN && read.offset() < removed) {
            violations.add(
                    CheckId.C15,
                    read.nanos(),
                    read.place(),
                    read.offset(),
                    0,
                    "high watermark " + read.offset() + " lies below the log start offset " + removed
                            + " that was read before");
        }
        place.committed.raise(read.nanos(), read.offset() - 1);
        BoundRead highest = highestEnds.get(place);
        if (highest == null || read.offset() > highest.offset()) {
            highestEnds.put(place, read);
        }
    }

    private void startRead(BoundRead read) {
        PlaceState place = places.of(read.place());
        long removed = place.starts.before(read.startNanos());
        if (removed == FloorHistory.FORGOTTEN) {
            violations.note(CheckId.C15, "reads that took too long to be judged");
        } else {
            violations.judged(CheckId.C15);
            if (read.offset() < removed) {
                violations.add(
                        CheckId.C15,
                        read.nanos(),
                        read.place(),
                        read.offset(),
                        0,
                        "process " + read.process() + " read log start offset " + read.offset() + ", but it was "
                                + removed + " before it asked");
            }
        }
        place.starts.raise(read.nanos(), read.offset());
    }

    @Override
    public void end() {
        highestEnds.forEach((place, read) -> {
            FinalShape.Copy log = place.shape.leader();
            if (log != null && log.isWhole() && read.offset() > log.end()) {
                violations.add(
                        CheckId.C10,
                        read.nanos(),
                        read.place(),
                        read.offset(),
                        0,
                        "process " + read.process() + " read high watermark " + read.offset()
                                + ", but the final log ends at " + log.end());
            }
        });
    }
}
