package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.ratis.transport.FairTurns.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairTurnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FairTurns turns = new FairTurns(1, "turns-test");
    private final FairTurns many = new FairTurns(4, "turns-test-many");

    @AfterEach
    void close() {
        turns.close();
        many.close();
    }

    @Test
    void shouldGiveEachAsMuchAsTheOthers() throws InterruptedException {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Seat> seats = new ArrayList<>();
        CountDownLatch allAsked = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            int name = i;
            seats.add(turns.seat(() -> {
                order.add(name);
                if (Collections.frequency(order, name) < 3) {
                    seats.get(name).ask();
                }
            }));
        }
        Seat gate = turns.seat(() -> awaitQuietly(allAsked));

        gate.ask();
        seats.forEach(Seat::ask);
        allAsked.countDown();

        await().atMost(PATIENCE).until(() -> order.size() == 9);
        assertThat(order).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldNeverLoseARequestNorRunTwoTurnsOfOneAtOnce() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        Seat seat = many.seat(() -> {
            if (inside.incrementAndGet() > 1) {
                together.incrementAndGet();
            }
            seen.set(asked.get());
            inside.decrementAndGet();
        });
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread asker = new Thread(() -> {
                for (int n = 0; n < 20_000; n++) {
                    asked.incrementAndGet();
                    seat.ask();
                }
            });
            askers.add(asker);
            asker.start();
        }
        for (Thread asker : askers) {
            asker.join();
        }

        await().atMost(PATIENCE).until(() -> seen.get() == 80_000);
        assertThat(together).hasValue(0);
    }

    @Test
    void shouldGoOnAfterATurnThatFailed() {
        AtomicInteger turnsTaken = new AtomicInteger();
        Seat seat = turns.seat(() -> {
            if (turnsTaken.incrementAndGet() == 1) {
                throw new IllegalStateException("first");
            }
        });

        seat.ask();
        await().atMost(PATIENCE).until(() -> turnsTaken.get() == 1);
        seat.ask();

        await().atMost(PATIENCE).until(() -> turnsTaken.get() == 2);
    }

    @Test
    void shouldStepAsideForATurnThatIsGoingOn() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Seat seat = turns.seat(() -> {
            begun.countDown();
            awaitQuietly(end);
        });

        seat.ask();
        begun.await();

        assertThat(seat.tryNow(() -> {})).isFalse();
        end.countDown();
        await().atMost(PATIENCE).until(() -> seat.tryNow(() -> {}));
    }
}
