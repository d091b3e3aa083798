package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryQueueTest {
    private static final int ENTRY_BYTES_MAX = 100;
    private static final int ENTRY_BATCHES_MAX = 5;
    private static final int IN_FLIGHT_MAX = 2;
    private static final int PENDING_BYTES_MAX = 300;

    private final EntryQueue<String> queue =
            new EntryQueue<>(ENTRY_BYTES_MAX, ENTRY_BATCHES_MAX, IN_FLIGHT_MAX, PENDING_BYTES_MAX);

    private EntryQueue.Gathered<String> take() {
        return queue.next().orElseThrow();
    }

    @Test
    void shouldSendASingleBatchAtOnceWhenIdle() {
        assertThat(queue.offer("a", 10)).isTrue();

        assertThat(take()).isEqualTo(new EntryQueue.Gathered<>(List.of("a"), 10));
        assertThat(queue.next()).isEmpty();
    }

    @Test
    void shouldGatherWhileEnoughIsInFlight() {
        for (String batch : List.of("a", "b")) {
            assertThat(queue.offer(batch, 10)).isTrue();
            assertThat(take().batches()).containsExactly(batch);
        }
        for (String batch : List.of("c", "d", "e")) {
            assertThat(queue.offer(batch, 10)).isTrue();
            assertThat(queue.next()).isEmpty();
        }

        queue.answered(new EntryQueue.Gathered<>(List.of("a"), 10));

        assertThat(take().batches()).containsExactly("c", "d", "e");
    }

    @Test
    void shouldFillAnEntryToItsLimits() {
        for (int i = 0; i < 3; i++) {
            assertThat(queue.offer("big " + i, 50)).isTrue();
        }
        for (int i = 0; i < 7; i++) {
            assertThat(queue.offer("small " + i, 1)).isTrue();
        }

        assertThat(take().batches()).containsExactly("big 0", "big 1");
        assertThat(take().batches()).hasSize(ENTRY_BATCHES_MAX).startsWith("big 2", "small 0");
    }

    @Test
    void shouldRefuseWhatWouldExceedThePendingBytesUntilTheyAreAnswered() {
        for (int i = 0; i < 3; i++) {
            assertThat(queue.offer("batch " + i, 100)).isTrue();
        }
        EntryQueue.Gathered<String> first = take();

        assertThat(queue.offer("more", 1)).isFalse();
        queue.answered(first);
        assertThat(queue.offer("more", 1)).isTrue();
        assertThat(queue.drain()).containsExactly("batch 1", "batch 2", "more");
        assertThat(queue.pendingBytes()).isZero();
        assertThatThrownBy(() -> queue.offer("too big", 101)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepOrderAndBoundsWhateverHappens(long seed) {
        Random random = new Random(seed);
        List<EntryQueue.Gathered<Integer>> inFlight = new ArrayList<>();
        EntryQueue<Integer> numbers =
                new EntryQueue<>(ENTRY_BYTES_MAX, ENTRY_BATCHES_MAX, IN_FLIGHT_MAX, PENDING_BYTES_MAX);
        List<Integer> accepted = new ArrayList<>();
        List<Integer> sent = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (random.nextBoolean() && numbers.offer(step, 1 + random.nextInt(ENTRY_BYTES_MAX))) {
                accepted.add(step);
            }
            numbers.next().ifPresent(entry -> {
                inFlight.add(entry);
                sent.addAll(entry.batches());
            });
            if (!inFlight.isEmpty() && random.nextInt(3) == 0) {
                numbers.answered(inFlight.remove(random.nextInt(inFlight.size())));
            }

            assertThat(inFlight).as("seed %d", seed).hasSizeLessThanOrEqualTo(IN_FLIGHT_MAX);
            assertThat(numbers.pendingBytes()).as("seed %d", seed).isBetween(0L, (long) PENDING_BYTES_MAX);
        }
        assertThat(sent).as("seed %d", seed).isEqualTo(accepted.subList(0, sent.size()));
        assertThat(sent).hasSizeGreaterThan(100);
    }
}
