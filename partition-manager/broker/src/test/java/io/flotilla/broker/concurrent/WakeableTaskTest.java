package io.flotilla.broker.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WakeableTaskTest {
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void shouldMakeOneRunOfWakesThatWaitTogether() {
        WakeableTask task = new WakeableTask(queue::add, runs::incrementAndGet);

        task.wake();
        task.wake();
        task.wake();

        assertThat(drain()).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void shouldRunAgainForAWakeDuringARun() {
        WakeableTask[] self = new WakeableTask[1];
        self[0] = new WakeableTask(queue::add, () -> {
            if (runs.incrementAndGet() == 1) {
                self[0].wake();
                self[0].wake();
            }
        });

        self[0].wake();

        assertThat(drain()).isEqualTo(2);
        assertThat(runs).hasValue(2);
    }

    @Test
    void shouldStayAliveAfterABodyThatFails() {
        WakeableTask task = new WakeableTask(queue::add, () -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug of this test");
            }
        });

        task.wake();
        drain();
        task.wake();
        drain();

        assertThat(runs).hasValue(2);
    }

    @Test
    void shouldNeverRunTwiceAtOnceAndMissNoWake() throws InterruptedException {
        int wakers = 4;
        int wakesEach = 20_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger wanted = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(wakers);
        try {
            WakeableTask task = new WakeableTask(executor, () -> {
                if (inside.incrementAndGet() > 1) {
                    overlaps.incrementAndGet();
                }
                seen.set(wanted.get());
                inside.decrementAndGet();
            });
            Thread[] threads = new Thread[wakers];
            for (int index = 0; index < wakers; index++) {
                threads[index] = new Thread(() -> {
                    for (int wake = 0; wake < wakesEach; wake++) {
                        wanted.incrementAndGet();
                        task.wake();
                    }
                });
                threads[index].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }

            await().untilAsserted(() -> assertThat(seen).hasValue(wakers * wakesEach));
            assertThat(overlaps).hasValue(0);
        } finally {
            executor.shutdownNow();
        }
    }

    private int drain() {
        int count = 0;
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
            count++;
        }
        return count;
    }
}
