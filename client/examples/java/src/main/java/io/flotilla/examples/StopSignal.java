package io.flotilla.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets Ctrl-C and SIGTERM end a program in order: it is told, and the process waits until it has closed everything. */
final class StopSignal implements AutoCloseable {
    private static final Duration FINISH_MAX = Duration.ofSeconds(20);

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile Runnable wakeup = () -> {};

    /** To be closed last of all. */
    static StopSignal listen() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop"));
        return signal;
    }

    private void stop() {
        stopping = true;
        wakeup.run();
        try {
            if (!finished.await(FINISH_MAX.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("gave up after " + FINISH_MAX.toSeconds() + " s of closing");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param wakes whoever waits, so that it looks at {@link #isStopping} */
    void wakes(Runnable wakes) {
        wakeup = wakes;
    }

    boolean isStopping() {
        return stopping;
    }

    @Override
    public void close() {
        finished.countDown();
    }
}
