package io.flotilla.broker.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what another broker answers. */
final class Answers {
    private Answers() {}

    /**
     * @param answer of a call, which has a deadline
     * @throws IOException if there is none, with the failure told by the other broker as its cause
     */
    static <T> T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get();
        } catch (ExecutionException failure) {
            throw new IOException(String.valueOf(failure.getCause()), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another broker was asked");
        }
    }
}
