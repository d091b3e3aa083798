package io.flotilla.examples;

import io.flotilla.client.GroupConsumer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets Ctrl-C and SIGTERM end a program in order: the poll is woken, and the process waits for what it has to finish. */
final class StopSignal implements AutoCloseable {
    private static final Duration FINISH_MAX = Duration.ofSeconds(20);

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopping;

    private StopSignal() {}

    static StopSignal listen(GroupConsumer consumer) {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.stop(consumer), "stop"));
        return signal;
    }

    private void stop(GroupConsumer consumer) {
        stopping = true;
        consumer.wakeup();
        try {
            finished.await(FINISH_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isStopping() {
        return stopping;
    }

    /** The program has finished. */
    @Override
    public void close() {
        finished.countDown();
    }
}
