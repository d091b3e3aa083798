package io.flotilla.chaos.plant.inside;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Works with files on threads of the product, whose interrupts are none of our business and stay theirs. */
final class Undisturbed {
    private Undisturbed() {}

    interface Work<T> {
        T get() throws IOException;
    }

    /** @throws UncheckedIOException if the files cannot be used, which makes the product's own step fail: that is seen */
    static <T> T get(Work<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            return work.get();
        } catch (IOException failure) {
            throw new UncheckedIOException("a rule cannot use its files", failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
