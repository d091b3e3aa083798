package io.flotilla.client.transport;

import io.flotilla.protocol.error.LogException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for the answer of a call that carries its own timeout. */
public final class Answers {
    private Answers() {}

    /**
     * @throws LogException        why the call failed
     * @throws CancellationException if the thread is interrupted; its interrupt flag stays set
     */
    public static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the call was interrupted");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof BrokerCalls.FailedCall call) {
                throw call.failure().cause();
            }
            if (cause instanceof LogException failure) {
                throw failure;
            }
            throw new IllegalStateException("a call failed in an unexpected way", cause);
        }
    }
}
