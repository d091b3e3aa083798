package io.flotilla.chaos.check.mutation;

import static io.flotilla.chaos.check.CheckId.C1;
import static io.flotilla.chaos.check.CheckId.C10;
import static io.flotilla.chaos.check.CheckId.C11;
import static io.flotilla.chaos.check.CheckId.C15;
import static io.flotilla.chaos.check.CheckId.C16;
import static io.flotilla.chaos.check.CheckId.C19;
import static io.flotilla.chaos.check.CheckId.C2;
import static io.flotilla.chaos.check.CheckId.C3;
import static io.flotilla.chaos.check.CheckId.C4;
import static io.flotilla.chaos.check.CheckId.C5;
import static io.flotilla.chaos.check.CheckId.C6;
import static io.flotilla.chaos.check.CheckId.C7;
import static io.flotilla.chaos.check.CheckId.C8;
import static io.flotilla.chaos.check.CheckId.C9;
import static io.flotilla.chaos.check.mutation.SyntheticHistory.EXPIRING;
import static io.flotilla.chaos.check.mutation.SyntheticHistory.PLAIN;
import static io.flotilla.chaos.check.mutation.SyntheticHistory.TIMED;
import static io.flotilla.chaos.check.mutation.SyntheticHistory.TRIMMED;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.BoundRead;
import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.PositionSet;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.history.Records;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** What can be wrong with the log of a partition and with reads of it. */
final class LogMutations {
    private static final int STRANGER = 900_000;
    private static final Place FIRST = new Place(PLAIN, 0);

    private LogMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.of("a final record is missing", LogMutations::dropFinalRecord, C1, C6, C11),
                Mutation.of("an acknowledged send is nowhere", LogMutations::lostSend, C1),
                Mutation.of(
                        "a final record has a value never sent", LogMutations::changeFinalValue, C1, C2, C5, C11, C16),
                Mutation.of("a poll has a foreign record", LogMutations::foreignInPoll, C2, C5, C11),
                Mutation.of("a replica has a foreign record", LogMutations::foreignInReplica, C2, C5, C16),
                Mutation.of("the value of a failed send is there", LogMutations::failedSendVisible, C3),
                Mutation.of("a value is stored twice", LogMutations::duplicate, C4),
                Mutation.of("two acknowledgements have swapped offsets", LogMutations::swapAcks, C1, C5),
                Mutation.of("a replica has a gap", LogMutations::gapInReplica, C6),
                Mutation.of("a later send has a lower offset", LogMutations::laterSendLower, C7),
                Mutation.of("a producer's values are reordered", LogMutations::reorderProducer, C8),
                Mutation.of("a poll skips a record", LogMutations::skipInPoll, C9),
                Mutation.of("a poll returns records again", LogMutations::pollAgain, C9),
                Mutation.of("an end is stale", LogMutations::staleEnd, C10),
                Mutation.of("a high watermark was beyond the log", LogMutations::endBeyondLog, C10),
                Mutation.of("a metric is beyond the log", LogMutations::metricBeyondLog, C10),
                Mutation.of("a polled record is rolled back", LogMutations::rollback, C11),
                Mutation.of("a log start goes back", LogMutations::startGoesBack, C15),
                Mutation.of("a removed record is read", LogMutations::removedRecordRead, C15),
                Mutation.of("records are removed too early", LogMutations::removedTooEarly, C15),
                Mutation.of("records are removed when a clock jumps", LogMutations::removedByJump, C15, C19),
                Mutation.of("replicas have other digests", LogMutations::otherDigest, C16),
                Mutation.of("a replica has another record", LogMutations::otherRecordInReplica, C5, C16),
                Mutation.of("an append time goes back", LogMutations::timeGoesBack, C19));
    }

    private static void dropFinalRecord(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(PLAIN);
        draft.finalRecords(send.place(), FinalRead.FROM_LEADER, records -> Draft.without(records, send.offset()));
    }

    private static void lostSend(Draft draft) {
        long end = draft.phase("final");
        long offset = draft.first(FinalBounds.class, 0, any -> any.place().equals(FIRST))
                .logEnd();
        draft.add(
                new SendInvoked(end - 2, 1L << 30, 70, FIRST, STRANGER, 0, 1),
                new SendCompleted(end - 1, 1L << 30, 70, Outcome.OK, offset, ""));
    }

    private static void changeFinalValue(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(PLAIN);
        draft.finalRecords(
                send.place(), FinalRead.FROM_LEADER, records -> Draft.with(records, send.offset(), STRANGER, 5));
    }

    private static void foreignInPoll(Draft draft) {
        Polled poll = draft.first(Polled.class, 0.3, any -> any.place().topic().equals(PLAIN));
        draft.replace(
                poll, Draft.with(poll, Draft.with(poll.records(), poll.records().offset(0), Records.FOREIGN, 0)));
    }

    private static void foreignInReplica(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(PLAIN);
        draft.finalRecords(send.place(), 2, records -> Draft.with(records, send.offset(), Records.FOREIGN, 0));
    }

    private static void failedSendVisible(Draft draft) {
        SendCompleted sent = draft.ackedAndPolled(PLAIN).completed();
        draft.replace(sent, new SendCompleted(sent.nanos(), sent.op(), sent.process(), Outcome.FAIL, -1, "THROTTLED"));
    }

    private static void duplicate(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(PLAIN);
        for (FinalBounds bounds :
                draft.all(FinalBounds.class, any -> any.place().equals(send.place()))) {
            draft.replace(
                    bounds,
                    new FinalBounds(
                            bounds.nanos(),
                            bounds.place(),
                            bounds.node(),
                            bounds.logStart(),
                            bounds.logEnd() + 1,
                            bounds.digest()));
            draft.finalRecords(send.place(), bounds.node(), records -> {
                int last = records.size() - 1;
                return records.offset(last) + 1 < bounds.logEnd()
                        ? records
                        : Draft.copy(records)
                                .add(
                                        bounds.logEnd(),
                                        send.invoked().producer(),
                                        send.invoked().sequence(),
                                        records.timestamp(last));
            });
        }
    }

    /** Of neighbours of two producers, both in flight, the earlier one acknowledged later: only the offsets are wrong. */
    private static void swapAcks(Draft draft) {
        for (Draft.Acked one : draft.acked()) {
            for (Draft.Acked other : draft.acked()) {
                boolean neighbours = one.place().equals(other.place()) && one.offset() + 1 == other.offset();
                if (neighbours
                        && !one.place().topic().equals(TRIMMED)
                        && one.invoked().producer() != other.invoked().producer()
                        && other.completed().nanos() < one.completed().nanos()
                        && other.invoked().nanos() < one.completed().nanos()) {
                    draft.replace(one.completed(), Draft.at(one.completed(), other.offset()));
                    draft.replace(other.completed(), Draft.at(other.completed(), one.offset()));
                    return;
                }
            }
        }
        throw new NoSuchElementException("no neighbours that were acknowledged in the other order");
    }

    private static void gapInReplica(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(PLAIN);
        draft.finalRecords(send.place(), 1, records -> Draft.without(records, send.offset()));
    }

    /** Lets a send begin only when its successor in the log was acknowledged. */
    private static void laterSendLower(Draft draft) {
        for (Draft.Acked low : draft.acked()) {
            for (Draft.Acked high : draft.acked()) {
                if (low.place().equals(high.place())
                        && low.offset() < high.offset()
                        && high.completed().nanos() + 1 < low.completed().nanos()
                        && low.invoked().nanos() < high.completed().nanos()
                        && isLastInvoked(draft, low, low.completed().nanos())) {
                    SendInvoked sent = low.invoked();
                    draft.replace(
                            sent,
                            new SendInvoked(
                                    high.completed().nanos() + 1,
                                    sent.op(),
                                    sent.process(),
                                    sent.place(),
                                    sent.producer(),
                                    sent.sequence(),
                                    sent.bytes()));
                    return;
                }
            }
        }
        throw new NoSuchElementException("no send that was overtaken");
    }

    private static boolean isLastInvoked(Draft draft, Draft.Acked send, long until) {
        return draft.acked().stream()
                .noneMatch(other -> other.invoked().producer() == send.invoked().producer()
                        && other.invoked().sequence() > send.invoked().sequence()
                        && other.invoked().nanos() < until);
    }

    /** Swaps two values of one producer everywhere, both in flight at once and acknowledged one right after the other. */
    private static void reorderProducer(Draft draft) {
        for (int i = 0; i + 1 < draft.acked().size(); i++) {
            Draft.Acked one = draft.acked().get(i);
            Draft.Acked next = draft.acked().get(i + 1);
            if (one.place().equals(next.place())
                    && one.invoked().producer() == next.invoked().producer()
                    && one.offset() + 1 == next.offset()
                    && nothingBetween(draft, one, next)) {
                draft.replace(one.completed(), Draft.at(one.completed(), next.offset()));
                draft.replace(next.completed(), Draft.at(next.completed(), one.offset()));
                draft.finalRecords(one.place(), -1, records -> swapped(records, one, next));
                draft.polledRecords(one.place(), records -> swapped(records, one, next));
                return;
            }
        }
        throw new NoSuchElementException("no two sends that were acknowledged one right after the other");
    }

    private static boolean nothingBetween(Draft draft, Draft.Acked one, Draft.Acked next) {
        return draft.events().stream()
                .filter(event -> event.nanos() > one.completed().nanos()
                        && event.nanos() < next.completed().nanos())
                .noneMatch(event -> (event instanceof SendInvoked sent
                                && sent.place().equals(one.place()))
                        || (event instanceof BoundRead read && read.place().equals(one.place())));
    }

    private static Records swapped(Records records, Draft.Acked one, Draft.Acked next) {
        Records half = Draft.with(
                records, one.offset(), next.invoked().producer(), next.invoked().sequence());
        return Draft.with(
                half, next.offset(), one.invoked().producer(), one.invoked().sequence());
    }

    private static void skipInPoll(Draft draft) {
        Polled poll = draft.first(
                Polled.class,
                0.3,
                any -> any.place().topic().equals(PLAIN) && any.records().size() > 3);
        draft.replace(
                poll,
                Draft.with(poll, Draft.without(poll.records(), poll.records().offset(1))));
    }

    private static void pollAgain(Draft draft) {
        Polled poll = draft.first(Polled.class, 0.3, any -> any.place().topic().equals(PLAIN));
        draft.add(Draft.with(poll, poll.records()));
    }

    private static void staleEnd(Draft draft) {
        BoundRead read = draft.first(
                BoundRead.class,
                0.3,
                any -> any.end() && any.offset() > 10 && any.place().topic().equals(PLAIN));
        draft.replace(read, new BoundRead(read.nanos(), read.startNanos(), read.process(), read.place(), true, 3));
    }

    private static void endBeyondLog(Draft draft) {
        long end = draft.phase("final");
        draft.add(new BoundRead(end - 1, end - 2, 50, FIRST, true, Integer.MAX_VALUE));
    }

    private static void metricBeyondLog(Draft draft) {
        long end = draft.phase("final");
        draft.add(new Event.MetricRead(end - 1, end - 2, 1, "flotilla_high_watermark", FIRST, Integer.MAX_VALUE));
    }

    private static void rollback(Draft draft) {
        long end = draft.phase("final");
        long offset = draft.first(FinalBounds.class, 0, any -> any.place().equals(FIRST))
                .logEnd();
        draft.add(
                new SendInvoked(end - 3, 1L << 30, 70, FIRST, STRANGER, 0, 1),
                new Polled(end - 1, end - 2, 9_000, FIRST, new Records().add(offset, STRANGER, 0, 0)));
    }

    private static void startGoesBack(Draft draft) {
        BoundRead read = draft.first(
                BoundRead.class,
                0.5,
                any -> !any.end() && any.offset() > 0 && any.place().topic().equals(TRIMMED));
        draft.replace(read, new BoundRead(read.nanos(), read.startNanos(), read.process(), read.place(), false, 0));
    }

    private static void removedRecordRead(Draft draft) {
        Polled poll = draft.first(Polled.class, 0, any -> any.place().topic().equals(TRIMMED));
        long end = draft.phase("final");
        draft.add(
                new PositionSet(end - 3, 9_000, poll.place(), poll.records().offset(0)),
                new Polled(end - 1, end - 2, 9_000, poll.place(), poll.records()));
    }

    private static void removedTooEarly(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(EXPIRING);
        long nanos = send.completed().nanos() + 1_000_000;
        draft.add(new BoundRead(nanos, nanos - 1, 50, send.place(), false, send.offset() + 1));
        draft.events()
                .removeIf(event ->
                        event instanceof BoundRead read && read.place().equals(send.place()) && read.nanos() > nanos);
        finalStart(draft, send.place(), send.offset() + 1);
    }

    private static void finalStart(Draft draft, Place place, long start) {
        for (FinalBounds bounds :
                draft.all(FinalBounds.class, any -> any.place().equals(place))) {
            draft.replace(
                    bounds,
                    new FinalBounds(bounds.nanos(), place, bounds.node(), start, bounds.logEnd(), bounds.digest()));
        }
    }

    private static void removedByJump(Draft draft) {
        removedTooEarly(draft);
        long nanos = draft.ackedAndPolled(EXPIRING).completed().nanos();
        for (String phase : List.of("armed", "verified")) {
            draft.add(new Event.FaultStep(nanos, 99, "N20", phase, List.of(2), new TreeMap<>(), "+1 h"));
        }
        draft.add(new Event.FaultStep(nanos + 10_000_000, 99, "N20", "disarmed", List.of(2), new TreeMap<>(), ""));
    }

    private static void otherDigest(Draft draft) {
        FinalBounds bounds = draft.first(FinalBounds.class, 0, any -> any.node() == 2);
        draft.replace(
                bounds,
                new FinalBounds(bounds.nanos(), bounds.place(), 2, bounds.logStart(), bounds.logEnd(), "another"));
    }

    private static void otherRecordInReplica(Draft draft) {
        Draft.Acked send = draft.ackedAndPolled(PLAIN);
        Draft.Acked other = draft.acked().stream()
                .filter(any -> any.place().equals(send.place()) && any.offset() != send.offset())
                .findFirst()
                .orElseThrow();
        draft.finalRecords(
                send.place(),
                3,
                records -> Draft.with(
                        records,
                        send.offset(),
                        other.invoked().producer(),
                        other.invoked().sequence()));
    }

    private static void timeGoesBack(Draft draft) {
        FinalRead read =
                draft.first(FinalRead.class, 0, any -> any.place().topic().equals(TIMED) && any.node() == 2);
        var changed = new Records();
        for (int i = 0; i < read.records().size(); i++) {
            long timestamp = read.records().timestamp(i) + (i == 0 ? 10_000_000 : 0);
            changed.add(
                    read.records().offset(i),
                    read.records().producer(i),
                    read.records().sequence(i),
                    timestamp);
        }
        draft.replace(read, new FinalRead(read.nanos(), read.place(), read.node(), changed));
    }
}
