package io.flotilla.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a running command in order when the process is told to stop, by Ctrl-C or SIGTERM; the process then exits with
 * the JVM's own status, 130 or 143.
 */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Runnable request, Duration patience, Runnable giveUp) {
        this.hook = new Thread(
                () -> {
                    request.run();
                    if (!isFinishedWithin(patience)) {
                        giveUp.run();
                    }
                },
                "interruption");
    }

    /**
     * Watches until closed, which says that the command has finished.
     *
     * @param request  asks the command to finish
     * @param patience how long the process waits for that
     * @param giveUp   what is done if the command has not finished by then; bounds its own time
     */
    static Interruption watch(Runnable request, Duration patience, Runnable giveUp) {
        Interruption interruption = new Interruption(request, patience, giveUp);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private boolean isFinishedWithin(Duration patience) {
        try {
            return finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            // The process ends with the signal's status whatever happens here.
        }
    }
}
