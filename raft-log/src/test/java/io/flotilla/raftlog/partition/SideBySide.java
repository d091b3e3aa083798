package io.flotilla.raftlog.partition;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Does at the same time what waits more than it computes: a Raft host's end waits up to a second for Ratis's log. */
final class SideBySide {
    private SideBySide() {}

    static void close(Collection<? extends Closeable> all) throws IOException {
        List<CompletableFuture<Void>> closing = all.stream()
                .map(each -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                each.close();
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        },
                        task -> new Thread(task, "close").start()))
                .toList();
        try {
            CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failure) {
            throw new IOException(failure.getCause());
        }
    }
}
