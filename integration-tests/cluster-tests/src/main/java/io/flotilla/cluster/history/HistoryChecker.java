package io.flotilla.cluster.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges a history. The promise under test: what was acknowledged is stored exactly once, unchanged, at the offset
 * that was told, in the order in which it was sent; offsets are dense; and what a consumer saw once stays.
 *
 * <p>The checks are independent: each violation is reported by the check that names it, and by no other, wherever that
 * is possible (a value lost from the middle of a partition leaves a gap as well).
 *
 * <p>Time O(n log n) and memory O(n) in the number of writes and reads.
 */
public final class HistoryChecker {
    private final History history;
    private final Map<ValueId, Write> writes = new HashMap<>();
    private final Map<ValueId, List<Read>> places = new HashMap<>();
    private final Map<Integer, List<Read>> partitions = new TreeMap<>();
    private final Verdict verdict;

    private HistoryChecker(History history) {
        this.history = history;
        history.writes().forEach(write -> {
            if (writes.put(write.id(), write) != null) {
                throw new IllegalArgumentException(write.id() + " was written twice: the history cannot be judged");
            }
        });
        history.finalRead().forEach(read -> {
            places.computeIfAbsent(read.id(), id -> new ArrayList<>(1)).add(read);
            partitions.computeIfAbsent(read.partition(), p -> new ArrayList<>()).add(read);
        });
        long acknowledged =
                history.writes().stream().filter(w -> w.ack().isPresent()).count();
        verdict = new Verdict(
                history.writes().size(), acknowledged, history.finalRead().size());
    }

    /**
     * @param acknowledgedMin with fewer acknowledged values than this the history proves nothing and fails
     * @throws IllegalArgumentException if two writes share a name
     */
    public static Verdict check(History history, long acknowledgedMin) {
        var checker = new HistoryChecker(history);
        checker.checkVacuity(acknowledgedMin);
        checker.checkAcknowledged();
        checker.checkContents();
        checker.checkDuplicates();
        checker.checkOffsets();
        checker.checkProducerOrder();
        checker.checkRealTimeOrder();
        checker.checkObserved();
        return checker.verdict;
    }

    private void checkVacuity(long acknowledgedMin) {
        if (verdict.acknowledged() < acknowledgedMin) {
            verdict.violation(
                    Check.VACUOUS, verdict.acknowledged() + " acknowledged values, expected " + acknowledgedMin);
        }
    }

    private void checkAcknowledged() {
        for (Write write : history.writes()) {
            write.ack().ifPresent(ack -> {
                List<Read> found = places.get(write.id());
                if (found == null) {
                    verdict.violation(Check.LOST, write.id() + " acknowledged at " + ack);
                } else if (found.stream().noneMatch(read -> isAt(read, ack))) {
                    verdict.violation(Check.INCONSISTENT_OFFSET, found.get(0) + ", acknowledged at " + ack);
                }
            });
        }
    }

    private static boolean isAt(Read read, Write.Ack ack) {
        return read.partition() == ack.partition() && read.offset() == ack.offset();
    }

    private void checkContents() {
        for (Read read : history.finalRead()) {
            checkContent(read);
        }
        for (Read read : history.observed()) {
            checkContent(read);
        }
    }

    private void checkContent(Read read) {
        Write write = writes.get(read.id());
        if (write == null) {
            verdict.violation(Check.FOREIGN, read.toString());
        } else if (write.digest() != read.digest()) {
            verdict.violation(Check.CHANGED, read.toString());
        }
    }

    private void checkDuplicates() {
        for (ValueId id : writes.keySet()) {
            List<Read> found = places.getOrDefault(id, List.of());
            if (found.size() > 1) {
                verdict.violation(Check.DUPLICATED, found.toString());
            }
        }
    }

    private void checkOffsets() {
        partitions.forEach((partition, reads) -> {
            long expected = 0;
            for (Read read : reads) {
                if (read.offset() != expected) {
                    verdict.violation(Check.GAP, read + ", expected offset " + expected);
                }
                expected = read.offset() + 1;
            }
        });
    }

    private void checkProducerOrder() {
        for (List<Read> reads : partitions.values()) {
            Map<Integer, Read> latest = new HashMap<>();
            Set<ValueId> seen = new HashSet<>();
            for (Read read : reads) {
                if (!writes.containsKey(read.id()) || !seen.add(read.id())) {
                    continue; // foreign or a second copy: other checks name it
                }
                Read before = latest.put(read.id().producer(), read);
                if (before != null && before.id().sequence() > read.id().sequence()) {
                    verdict.violation(Check.OUT_OF_ORDER, read + " after " + before);
                }
            }
        }
    }

    /** Sweeps each partition's writes by the time they were sent; the floor is the highest offset acknowledged by then. */
    private void checkRealTimeOrder() {
        Map<Integer, List<Write>> acknowledged = new TreeMap<>();
        for (Write write : history.writes()) {
            write.ack().ifPresent(ack -> acknowledged
                    .computeIfAbsent(ack.partition(), p -> new ArrayList<>())
                    .add(write));
        }
        for (List<Write> bySent : acknowledged.values()) {
            List<Write> byAck = new ArrayList<>(bySent);
            byAck.sort(Comparator.comparingLong(write -> ackOf(write).nanos()));
            bySent.sort(Comparator.comparingLong(Write::sentNanos));
            Write floor = null;
            int next = 0;
            for (Write write : bySent) {
                while (next < byAck.size() && ackOf(byAck.get(next)).nanos() < write.sentNanos()) {
                    Write candidate = byAck.get(next++);
                    if (floor == null
                            || ackOf(candidate).offset() > ackOf(floor).offset()) {
                        floor = candidate;
                    }
                }
                // One producer's own values are judged by OUT_OF_ORDER.
                if (floor != null
                        && floor.id().producer() != write.id().producer()
                        && ackOf(write).offset() < ackOf(floor).offset()) {
                    verdict.violation(
                            Check.REAL_TIME_ORDER,
                            write.id() + " at " + ackOf(write) + " was sent after " + floor.id()
                                    + " was acknowledged at " + ackOf(floor));
                }
            }
        }
    }

    private static Write.Ack ackOf(Write write) {
        return write.ack().orElseThrow();
    }

    private void checkObserved() {
        for (Read seen : history.observed()) {
            boolean still = places.getOrDefault(seen.id(), List.of()).stream()
                    .anyMatch(read -> read.partition() == seen.partition() && read.offset() == seen.offset());
            if (!still) {
                verdict.violation(Check.ROLLED_BACK, seen.toString());
            }
        }
    }
}
