package io.flotilla.broker.fetch;

import io.flotilla.broker.concurrent.WakeableTask;
import io.flotilla.raftlog.partition.FetchedBatches;
import io.flotilla.raftlog.partition.Partition;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One read that waits: each change of the replica and the end of the wait make it try again. */
final class LongPoll {
    private final Supplier<FetchedBatches> read;
    private final WakeableTask attempt;
    private final CompletableFuture<FetchedBatches> answer = new CompletableFuture<>();
    private volatile boolean expired;

    LongPoll(Supplier<FetchedBatches> read, Executor readers) {
        this.read = read;
        this.attempt = new WakeableTask(readers, this::attempt);
    }

    CompletableFuture<FetchedBatches> answer() {
        return answer;
    }

    void start(Partition partition, ScheduledExecutorService timer, Duration maxWait) {
        Partition.Listening listening = partition.listen(attempt::wake);
        ScheduledFuture<?> expiry = scheduleExpiry(timer, maxWait);
        var unused = answer.whenComplete((batches, failure) -> {
            listening.close();
            expiry.cancel(false);
        });
        attempt.wake(); // a record may have come between the first read and the registration
    }

    private ScheduledFuture<?> scheduleExpiry(ScheduledExecutorService timer, Duration maxWait) {
        return timer.schedule(
                () -> {
                    expired = true;
                    attempt.wake();
                },
                maxWait.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void attempt() {
        if (answer.isDone()) {
            return;
        }
        boolean last = expired;
        try {
            FetchedBatches batches = read.get();
            if (last || batches.batches().hasRemaining()) {
                answer.complete(batches);
            }
        } catch (RuntimeException failure) { // a LogException or a bug: either way the caller must not wait for ever
            answer.completeExceptionally(failure);
        }
    }
}
