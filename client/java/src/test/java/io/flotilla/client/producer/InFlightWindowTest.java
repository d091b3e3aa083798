package io.flotilla.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightWindowTest {
    private final InFlightWindow<String> window = new InFlightWindow<>(5);

    @BeforeEach
    void begin() {
        window.begin(new ProducerIdentity(7, (short) 0));
    }

    @Test
    void shouldNumberBatchesByTheirRecords() {
        window.add("a", 3);
        window.add("b", 2);

        assertThat(window.nextSequence()).isEqualTo(5);
        assertThat(sendAll()).containsExactly("a@0", "b@3");
    }

    @Test
    void shouldWrapSequencesBehindTheLargest() {
        window.add("a", Integer.MAX_VALUE);
        window.add("b", 3);

        assertThat(window.nextSequence()).isEqualTo(2);
    }

    @Test
    void shouldBoundTheBatchesInFlight() {
        for (String batch : List.of("a", "b", "c", "d", "e")) {
            window.add(batch, 1);
        }

        assertThat(window.hasRoom()).isFalse();
        sendAll();
        window.acknowledged(1);
        assertThat(window.hasRoom()).isTrue();
    }

    /** The partition remembers five batches: the oldest must be among them when it is sent again. */
    @Test
    void shouldNotRunAheadOfABatchWhoseOutcomeIsUnknown() {
        for (String batch : List.of("a", "b", "c", "d", "e")) {
            window.add(batch, 1);
        }
        sendAll();

        window.rejected(1, ErrorCode.TIMEOUT);
        for (long correlationId = 2; correlationId <= 5; correlationId++) {
            window.acknowledged(correlationId);
        }

        assertThat(window.hasRoom()).isFalse();
        assertThat(sendAll()).containsExactly("a@0");
        window.acknowledged(6);
        assertThat(window.hasRoom()).isTrue();
    }

    @Test
    void shouldResendInOrderOnceAllAreAnsweredAfterARejection() {
        window.add("a", 1);
        window.add("b", 1);
        sendAll();

        window.rejected(1, ErrorCode.OVERLOADED);
        assertThat(sendAll()).as("b is not answered yet").isEmpty();

        window.rejected(2, ErrorCode.OUT_OF_ORDER_SEQUENCE);
        assertThat(sendAll()).containsExactly("a@0", "b@1");
    }

    @Test
    void shouldResendEverythingAfterALostStream() {
        window.add("a", 1);
        window.add("b", 1);
        sendAll();
        window.acknowledged(1);

        window.streamLost();

        assertThat(sendAll()).containsExactly("b@1");
    }

    @Test
    void shouldHandBackWhatLiesBehindARefusedBatch() {
        window.add("a", 1);
        window.add("b", 1);
        window.add("c", 1);
        sendAll();

        InFlightWindow.Verdict<String> verdict = window.rejected(1, ErrorCode.RECORD_TOO_LARGE);

        assertThat(verdict.failed()).containsExactly(new InFlightWindow.Failed<>("a", false));
        assertThat(verdict.handedBack()).containsExactly("b", "c");
        assertThat(window.needsIdentity()).isTrue();
    }

    @Test
    void shouldFinishOlderBatchesUnderTheOldIdentityFirst() {
        window.add("a", 1);
        window.add("b", 1);
        window.add("c", 1);
        sendAll();
        window.rejected(1, ErrorCode.OVERLOADED);

        InFlightWindow.Verdict<String> verdict = window.rejected(2, ErrorCode.RECORD_TOO_LARGE);

        assertThat(verdict.handedBack()).containsExactly("c");
        assertThat(window.hasRoom()).isFalse();
        window.rejected(3, ErrorCode.OUT_OF_ORDER_SEQUENCE);
        assertThat(sendAll()).containsExactly("a@0");
        window.acknowledged(4);
        assertThat(window.needsIdentity()).isTrue();
    }

    @Test
    void shouldNotNumberAnewWhatMayBeAppended() {
        window.add("a", 1);
        window.add("b", 1);
        sendAll();
        window.streamLost();

        InFlightWindow.Verdict<String> verdict = window.expire("a"::equals);

        assertThat(verdict.failed()).containsExactly(new InFlightWindow.Failed<>("a", true));
        assertThat(verdict.handedBack()).isEmpty();
        assertThat(sendAll()).as("b goes on under its old sequence").containsExactly("b@1");
        assertThat(window.rejected(3, ErrorCode.OUT_OF_ORDER_SEQUENCE).failed())
                .containsExactly(new InFlightWindow.Failed<>("b", true));
        assertThat(window.needsIdentity()).isTrue();
    }

    @Test
    void shouldNumberAnewWhenThePartitionForgotTheProducer() {
        window.add("a", 1);
        window.add("b", 1);
        sendAll();

        InFlightWindow.Verdict<String> verdict = window.rejected(1, ErrorCode.UNKNOWN_PRODUCER);

        assertThat(verdict.failed()).isEmpty();
        assertThat(verdict.handedBack()).containsExactly("a", "b");
        window.begin(new ProducerIdentity(8, (short) 0));
        assertThat(window.nextSequence()).isZero();
    }

    @Test
    void shouldIgnoreAnswersToBatchesGivenUp() {
        window.add("a", 1);
        window.add("b", 1);
        sendAll();
        window.expire("a"::equals);

        assertThat(window.acknowledged(1)).isEmpty();
        assertThat(window.acknowledged(2)).contains("b");
        assertThat(window.acknowledged(2)).isEmpty();
    }

    /** Against a partition with a real one's rules, whatever is lost, rejected or expired on the way. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldStoreEachBatchOnceAndInOrder(long seed) {
        for (int run = 0; run < 200; run++) {
            new Simulation(seed * 1_000 + run).run();
        }
    }

    private List<String> sendAll() {
        List<String> sent = new ArrayList<>();
        var next = window.nextToSend();
        while (next.isPresent()) {
            window.sent(next.get());
            sent.add(next.get().batch() + "@" + next.get().baseSequence());
            next = window.nextToSend();
        }
        return sent;
    }

    /** A producer with a window, a stream that misbehaves, and a partition that checks sequences. */
    private static final class Simulation {
        private final long seed;
        private final Random random;
        private final InFlightWindow<Integer> window = new InFlightWindow<>(5);
        private final ArrayList<Integer> waiting = new ArrayList<>();
        private final ArrayList<Sent> stream = new ArrayList<>();
        private final ArrayList<Integer> stored = new ArrayList<>();
        private final ArrayList<Integer> acknowledged = new ArrayList<>();
        private final ArrayList<InFlightWindow.Failed<Integer>> failed = new ArrayList<>();
        private long producerId;
        private long lastProducerSeen = -1;
        private final ArrayList<Integer> sequencesSeen = new ArrayList<>();

        private record Sent(long correlationId, int batch, long producerId, int sequence) {}

        Simulation(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (int batch = 0; batch < 40; batch++) {
                waiting.add(batch);
            }
            int steps = 0;
            while (!waiting.isEmpty() || !window.isEmpty()) {
                boolean calm = steps++ > 2_000;
                assertThat(steps).as("no end, seed %d", seed).isLessThan(10_000);
                step(calm);
            }
            assertThat(stored).as("order, seed %d", seed).isSorted().doesNotHaveDuplicates();
            assertThat(stored).as("acknowledged, seed %d", seed).containsAll(acknowledged);
            failed.stream()
                    .filter(f -> !f.outcomeUnknown())
                    .forEach(f -> assertThat(stored).as("seed %d", seed).doesNotContain(f.batch()));
            assertThat(acknowledged.size() + failed.size()).as("seed %d", seed).isEqualTo(40);
        }

        private void step(boolean calm) {
            if (window.needsIdentity()) {
                window.begin(new ProducerIdentity(++producerId, (short) 0));
            }
            while (window.hasRoom() && !waiting.isEmpty() && random.nextBoolean()) {
                window.add(waiting.remove(0), 1);
            }
            var next = window.nextToSend();
            while (next.isPresent()) {
                stream.add(new Sent(
                        window.sent(next.get()),
                        next.get().batch(),
                        producerId,
                        next.get().baseSequence()));
                next = window.nextToSend();
            }
            int dice = calm ? 0 : random.nextInt(100);
            if (dice < 75) {
                answerFirst(dice < 60 || calm);
            } else if (dice < 85) {
                loseStream();
            } else if (dice < 88) {
                window.oldest().ifPresent(oldest -> obey(window.expire(oldest::equals)));
            }
        }

        private void answerFirst(boolean well) {
            if (stream.isEmpty()) {
                return;
            }
            Sent sent = stream.remove(0);
            if (well) {
                deliver(sent);
            } else {
                int kind = random.nextInt(4);
                if (kind == 0) {
                    obey(window.rejected(sent.correlationId(), ErrorCode.OVERLOADED));
                } else if (kind == 1) {
                    apply(sent);
                    obey(window.rejected(sent.correlationId(), ErrorCode.TIMEOUT));
                } else if (kind == 2) {
                    obey(window.rejected(sent.correlationId(), ErrorCode.TIMEOUT));
                } else {
                    obey(window.rejected(sent.correlationId(), ErrorCode.INVALID_RECORD));
                }
            }
        }

        private void loseStream() {
            int arrived = stream.isEmpty() ? 0 : random.nextInt(stream.size() + 1);
            stream.subList(0, arrived).forEach(this::apply);
            stream.clear();
            window.streamLost();
        }

        private void deliver(Sent sent) {
            ErrorCode refusal = apply(sent);
            if (refusal == null) {
                window.acknowledged(sent.correlationId()).ifPresent(acknowledged::add);
            } else {
                obey(window.rejected(sent.correlationId(), refusal));
            }
        }

        /** The partition's rule: null if it has the batch now. */
        private @org.jspecify.annotations.Nullable ErrorCode apply(Sent sent) {
            if (sent.producerId() < lastProducerSeen) {
                return ErrorCode.OUT_OF_ORDER_SEQUENCE;
            }
            if (sent.producerId() > lastProducerSeen) {
                if (sent.sequence() != 0) {
                    return ErrorCode.UNKNOWN_PRODUCER;
                }
                lastProducerSeen = sent.producerId();
                sequencesSeen.clear();
            }
            if (sequencesSeen.contains(sent.sequence())) {
                return null;
            }
            if (sent.sequence() != sequencesSeen.size()) {
                return ErrorCode.OUT_OF_ORDER_SEQUENCE;
            }
            sequencesSeen.add(sent.sequence());
            stored.add(sent.batch());
            return null;
        }

        private void obey(InFlightWindow.Verdict<Integer> verdict) {
            failed.addAll(verdict.failed());
            waiting.addAll(0, verdict.handedBack());
        }
    }
}
