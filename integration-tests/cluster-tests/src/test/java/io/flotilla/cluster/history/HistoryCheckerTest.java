package io.flotilla.cluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A valid history passes; each way of spoiling it is found by exactly the check that names it. */
final class HistoryCheckerTest {
    private static final int PARTITIONS = 2;
    private static final int PRODUCERS = 3;
    private static final int VALUES_PER_PRODUCER = 40;

    /** A history under edit. */
    private static final class Draft {
        final List<Write> writes = new ArrayList<>();
        final List<Read> observed = new ArrayList<>();
        final List<Read> reads = new ArrayList<>();

        /**
         * Values are sent one after the other by producers in turn; each fifth gets no acknowledgement, though it is
         * stored. Consumers saw all of it.
         */
        static Draft valid() {
            var draft = new Draft();
            long[] ends = new long[PARTITIONS];
            for (int n = 0; n < PRODUCERS * VALUES_PER_PRODUCER; n++) {
                var id = new ValueId(n % PRODUCERS, n / PRODUCERS);
                int partition = (n / PRODUCERS) % PARTITIONS;
                long offset = ends[partition]++;
                Write write = Write.unacknowledged(id, digestOf(id), n * 10L);
                draft.writes.add(
                        n % 5 == 4 ? write : write.acknowledged(new Write.Ack(partition, offset, n * 10L + 5)));
                draft.reads.add(new Read(partition, offset, id, digestOf(id)));
            }
            draft.observed.addAll(draft.reads);
            return draft;
        }

        static long digestOf(ValueId id) {
            return id.producer() * 1_000L + id.sequence();
        }

        Verdict check() {
            return HistoryChecker.check(new History(writes, observed, reads), 1);
        }

        int indexOfAcknowledged(int from) {
            int index = from;
            while (writes.get(index).ack().isEmpty()) {
                index++;
            }
            return index;
        }

        int indexOfUnacknowledged(int from) {
            int index = from;
            while (writes.get(index).ack().isPresent()) {
                index++;
            }
            return index;
        }

        long endOf(int partition) {
            return reads.stream().filter(read -> read.partition() == partition).count();
        }

        void forgetObserved(ValueId id) {
            observed.removeIf(read -> read.id().equals(id));
        }
    }

    static Stream<Arguments> mutations() {
        return Stream.of(
                mutation("an acknowledged value replaced by one that was never acknowledged", Check.LOST, draft -> {
                    int at = draft.indexOfAcknowledged(60);
                    Read old = draft.reads.get(at);
                    var id = new ValueId(99, 0);
                    draft.writes.add(Write.unacknowledged(id, 7, 0));
                    draft.reads.set(at, new Read(old.partition(), old.offset(), id, 7));
                    draft.forgetObserved(old.id());
                }),
                mutation("the newest acknowledged values cut off", Check.LOST, draft -> {
                    List<Read> tail = List.copyOf(draft.reads.subList(114, 120));
                    draft.reads.removeAll(tail);
                    draft.observed.removeAll(tail);
                }),
                mutation("all reads missing", Check.LOST, draft -> {
                    draft.reads.clear();
                    draft.observed.clear();
                }),
                mutation("bytes of a stored value changed", Check.CHANGED, draft -> {
                    Read old = draft.reads.get(31);
                    draft.reads.set(31, new Read(old.partition(), old.offset(), old.id(), old.digest() ^ 1));
                }),
                mutation("bytes of a value changed for one consumer only", Check.CHANGED, draft -> {
                    Read old = draft.observed.get(31);
                    draft.observed.set(31, new Read(old.partition(), old.offset(), old.id(), old.digest() ^ 1));
                }),
                mutation("a value stored a second time by a retry", Check.DUPLICATED, draft -> {
                    Read old = draft.reads.get(50);
                    draft.reads.add(new Read(old.partition(), draft.endOf(old.partition()), old.id(), old.digest()));
                }),
                mutation("a value stored in two partitions", Check.DUPLICATED, draft -> {
                    Read old = draft.reads.get(119);
                    int other = 1 - old.partition();
                    draft.reads.add(new Read(other, draft.endOf(other), old.id(), old.digest()));
                }),
                mutation("an acknowledgement one offset too high", Check.INCONSISTENT_OFFSET, draft -> {
                    // The newest value of its partition, so that no later one seems to have been stored before it.
                    int at = 119 - 1;
                    Write old = draft.writes.get(at);
                    Write.Ack ack = old.ack().orElseThrow();
                    draft.writes.set(
                            at, old.acknowledged(new Write.Ack(ack.partition(), ack.offset() + 1, ack.nanos())));
                }),
                mutation("an acknowledgement that names another partition", Check.INCONSISTENT_OFFSET, draft -> {
                    int at = 119 - 1;
                    Write old = draft.writes.get(at);
                    Write.Ack ack = old.ack().orElseThrow();
                    draft.writes.set(at, old.acknowledged(new Write.Ack(1 - ack.partition(), 1_000, ack.nanos())));
                }),
                mutation("a value that nobody wrote", Check.FOREIGN, draft -> {
                    draft.reads.add(new Read(0, draft.endOf(0), new ValueId(77, 0), 1));
                }),
                mutation("bytes that are no value at all", Check.FOREIGN, draft -> {
                    draft.reads.add(new Read(0, draft.endOf(0), ValueId.UNRECOGNISED, 1));
                    draft.reads.add(new Read(0, draft.endOf(0), ValueId.UNRECOGNISED, 1));
                }),
                mutation("an offset left out", Check.GAP, draft -> {
                    int at = draft.indexOfUnacknowledged(60);
                    Read old = draft.reads.remove(at);
                    draft.forgetObserved(old.id());
                }),
                mutation("the first offset left out", Check.GAP, draft -> {
                    Write first = draft.writes.get(0);
                    draft.writes.set(0, Write.unacknowledged(first.id(), first.digest(), first.sentNanos()));
                    Read old = draft.reads.remove(0);
                    draft.forgetObserved(old.id());
                }),
                mutation("two values of one producer swapped", Check.OUT_OF_ORDER, draft -> {
                    swapStoredAndAcknowledged(draft, 60, 66);
                }),
                mutation(
                        "a value stored before one acknowledged earlier to somebody else", Check.REAL_TIME_ORDER, d -> {
                            swapStoredAndAcknowledged(d, 60, 61);
                        }),
                mutation("a value shown to a consumer and then dropped", Check.ROLLED_BACK, draft -> {
                    var id = new ValueId(99, 0);
                    draft.writes.add(Write.unacknowledged(id, 7, 0));
                    draft.observed.add(new Read(0, draft.endOf(0), id, 7));
                }),
                mutation("nothing acknowledged", Check.VACUOUS, draft -> {
                    draft.writes.replaceAll(w -> Write.unacknowledged(w.id(), w.digest(), w.sentNanos()));
                }));
    }

    private static Arguments mutation(String name, Check expected, Consumer<Draft> edit) {
        return Arguments.of(name, expected, edit);
    }

    /** Exchanges the places of two values of one partition, everywhere: only the order tells. */
    private static void swapStoredAndAcknowledged(Draft draft, int first, int second) {
        Read a = draft.reads.get(first);
        Read b = draft.reads.get(second);
        assertThat(a.partition()).isEqualTo(b.partition());
        draft.reads.set(first, new Read(a.partition(), a.offset(), b.id(), b.digest()));
        draft.reads.set(second, new Read(b.partition(), b.offset(), a.id(), a.digest()));
        draft.observed.clear();
        Write writeOfA = draft.writes.get(first);
        Write writeOfB = draft.writes.get(second);
        // Sent together where they are one producer's, so that real time says nothing about them.
        boolean sameProducer = a.id().producer() == b.id().producer();
        draft.writes.set(
                first,
                new Write(
                        a.id(),
                        a.digest(),
                        writeOfA.sentNanos(),
                        Optional.of(new Write.Ack(
                                a.partition(), b.offset(), sameProducer ? 10_000 : writeOfA.sentNanos() + 5))));
        draft.writes.set(
                second,
                new Write(
                        b.id(),
                        b.digest(),
                        writeOfB.sentNanos(),
                        Optional.of(new Write.Ack(
                                b.partition(), a.offset(), sameProducer ? 10_000 : writeOfB.sentNanos() + 5))));
        if (sameProducer) {
            // Values between the two would seem to overtake: they become unacknowledged.
            for (int i = first + 1; i < second; i++) {
                Write w = draft.writes.get(i);
                draft.writes.set(i, Write.unacknowledged(w.id(), w.digest(), w.sentNanos()));
            }
        }
    }

    @Test
    void shouldPassAValidHistory() {
        assertThat(Draft.valid().check().violated()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void shouldFindEachViolationByExactlyItsOwnCheck(String name, Check expected, Consumer<Draft> edit) {
        Draft draft = Draft.valid();

        edit.accept(draft);

        Verdict verdict = draft.check();
        assertThat(verdict.violated()).as("%s%n%s", name, verdict).isEqualTo(Set.of(expected));
    }

    @Test
    void shouldHaveAMutationForEachCheck() {
        assertThat(mutations().map(arguments -> arguments.get()[1])).contains((Object[]) Check.values());
    }

    @Test
    void shouldPassWhateverTheInterleaving() {
        long seed = new SplittableRandom().nextLong();
        var random = new SplittableRandom(seed);

        History history = concurrentHistory(random);

        assertThat(HistoryChecker.check(history, 1).violated())
                .as("seed %d", seed)
                .isEmpty();
    }

    /** Stores values at a moment between their sending and their acknowledgement, as a real cluster does. */
    private static History concurrentHistory(SplittableRandom random) {
        List<Write> writes = new ArrayList<>();
        List<Read> reads = new ArrayList<>();
        long[] sequences = new long[PRODUCERS];
        long[] busyUntil = new long[PRODUCERS];
        long storedNanos = 0;
        for (int n = 0; n < 5_000; n++) {
            int producer = random.nextInt(PRODUCERS);
            storedNanos = Math.max(storedNanos, busyUntil[producer]) + 1 + random.nextInt(5);
            long sentNanos = Math.max(busyUntil[producer], storedNanos - random.nextInt(50));
            var id = new ValueId(producer, sequences[producer]++);
            Write write = Write.unacknowledged(id, n, sentNanos);
            long ackNanos = storedNanos + random.nextInt(50);
            busyUntil[producer] = ackNanos;
            writes.add(random.nextInt(10) == 0 ? write : write.acknowledged(new Write.Ack(0, n, ackNanos)));
            reads.add(new Read(0, n, id, n));
        }
        return new History(writes, List.of(), reads);
    }

    @Test
    void shouldCountAllAndKeepFewExamples() {
        Draft draft = Draft.valid();
        draft.reads.clear();
        draft.observed.clear();

        Verdict verdict = draft.check();

        assertThat(verdict.count(Check.LOST)).isEqualTo(96);
        assertThat(verdict.examples(Check.LOST)).hasSize(Verdict.EXAMPLES_MAX);
        assertThat(verdict.toString())
                .startsWith("FAIL written=120 acknowledged=96 read=0")
                .contains("LOST 96");
    }

    @Test
    void shouldRefuseAHistoryInWhichNamesAreNotUnique() {
        Write write = Write.unacknowledged(new ValueId(0, 0), 0, 0);

        assertThatThrownBy(() -> HistoryChecker.check(new History(List.of(write, write), List.of(), List.of()), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value 0/0 was written twice");
    }
}
