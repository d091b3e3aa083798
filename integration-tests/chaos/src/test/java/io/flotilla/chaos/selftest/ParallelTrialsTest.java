package io.flotilla.chaos.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.chaos.plant.Plant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ParallelTrialsTest {
    private static final long TIMEOUT_SECONDS = 10;

    @Test
    void doesAsManyAtATimeAsWanted() throws Exception {
        CyclicBarrier three = new CyclicBarrier(3); // which only three at a time can pass
        List<Trial> done = new ArrayList<>();

        ParallelTrials.run(tasks(6), 3, task -> meet(three, task), done::add);

        assertThat(done).extracting(Trial::seed).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void handsOverOnTheCallersThread() throws Exception {
        List<Thread> threads = new ArrayList<>();

        ParallelTrials.run(tasks(4), 2, ParallelTrialsTest::quiet, trial -> threads.add(Thread.currentThread()));

        assertThat(threads).hasSize(4).containsOnly(Thread.currentThread());
    }

    @Test
    void doesThemInOrderOneAtATime() throws Exception {
        List<Trial> done = new ArrayList<>();

        ParallelTrials.run(tasks(5), 1, ParallelTrialsTest::quiet, done::add);

        assertThat(done).extracting(Trial::seed).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void afterAFailureNoMoreBegin() {
        List<Long> begun = new CopyOnWriteArrayList<>();
        List<Trial> done = new ArrayList<>();

        assertThatThrownBy(() -> ParallelTrials.run(tasks(4), 1, task -> failAt(2, task, begun), done::add))
                .isInstanceOf(IOException.class)
                .hasMessage("no room");

        assertThat(begun).containsExactly(1L, 2L);
        assertThat(done).extracting(Trial::seed).containsExactly(1L);
    }

    private static Trial failAt(long seed, TrialTask task, List<Long> begun) throws IOException {
        begun.add(task.seed());
        if (task.seed() == seed) {
            throw new IOException("no room");
        }
        return quiet(task);
    }

    private static Trial meet(CyclicBarrier barrier, TrialTask task) throws IOException {
        try {
            barrier.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return quiet(task);
        } catch (Exception alone) {
            throw new IOException("nobody came", alone);
        }
    }

    private static Trial quiet(TrialTask task) {
        return new Trial(task.plant(), task.planted(), task.seed(), Set.of(), Set.of(), "", 1);
    }

    private static List<TrialTask> tasks(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(seed -> new TrialTask(Plant.P1, false, seed))
                .toList();
    }
}
