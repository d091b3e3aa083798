package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.Outcome;

/**
 * Follows sends from their beginning to their end, hands them on to pass B, and checks C7: an acknowledgement that was
 * there before another send began has the lower offset. For a log, into which a send appends and from which it takes its
 * offset, that is the append half of linearizability. Sends with unknown outcome are not judged, but may have happened.
 */
final class Sends {
    private static final long NO_FLOOR = -1;

    private final Places places;
    private final Producers producers;
    private final RetentionCheck retention;
    private final LivenessCheck liveness;
    private final VacuityCheck vacuity;
    private final Violations violations;
    private final OpenSends open = new OpenSends();

    Sends(
            Places places,
            Producers producers,
            RetentionCheck retention,
            LivenessCheck liveness,
            VacuityCheck vacuity,
            Violations violations) {
        this.places = places;
        this.producers = producers;
        this.retention = retention;
        this.liveness = liveness;
        this.vacuity = vacuity;
        this.violations = violations;
    }

    void see(SendInvoked send) {
        PlaceState place = places.of(send.place());
        long value = Value.of(send.producer(), send.sequence());
        // A value that is sent again may have been stored by the first attempt, before what was acknowledged since.
        long floor = producers.isNew(send.producer(), send.sequence()) ? place.ackedMax : NO_FLOOR;
        open.put(send.process(), send.op(), place, value, floor, send.nanos());
        liveness.sendInvoked(place.place, send.nanos(), send.process());
    }

    void see(SendCompleted sent) {
        if (!open.remove(sent.process(), sent.op())) {
            violations.unknown(CheckId.C22, "a send has ended that never began: the history is incomplete");
            return;
        }
        PlaceState place = open.place();
        liveness.sendCompleted(place.place, sent, open.invokedNanos());
        vacuity.sendCompleted(sent);
        if (sent.outcome() == Outcome.OK) {
            violations.judged(CheckId.C7);
            if (sent.offset() <= open.floor()) {
                violations.add(
                        CheckId.C7,
                        sent.nanos(),
                        place.place,
                        sent.offset(),
                        open.value(),
                        "acknowledged at offset " + sent.offset() + ", but offset " + open.floor()
                                + " was acknowledged before the send began");
            }
            place.acked(open.value(), sent.offset());
            place.committed.raise(sent.nanos(), sent.offset());
            retention.acked(place.place, sent.offset(), open.invokedNanos());
        } else {
            place.sends.add(
                    Value.flagged(open.value(), PlaceState.ACKED),
                    sent.outcome() == Outcome.FAIL ? PlaceState.FAILED : PlaceState.MAYBE);
        }
    }

    void end() {
        open.forEach((place, value, nanos, process) -> {
            place.sends.add(Value.flagged(value, PlaceState.ACKED), PlaceState.MAYBE);
            liveness.sendLeftOpen(place.place, nanos, process);
        });
    }

    int openCount() {
        return open.size();
    }
}
