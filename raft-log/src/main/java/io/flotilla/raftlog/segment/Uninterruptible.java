package io.flotilla.raftlog.segment;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs file operations so that an interrupt of the thread does not end them: Java closes a channel whose thread is
 * interrupted, and a Raft library interrupts its threads when it stops. The interrupt is kept for later.
 */
final class Uninterruptible {
    /** More interrupts than this during one operation mean that somebody insists. */
    private static final int ATTEMPTS_MAX = 100;

    private Uninterruptible() {}

    /** An operation that opens what it uses and may be run again from its beginning. */
    interface Operation {
        void run() throws IOException;
    }

    static void run(Operation operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    operation.run();
                    return;
                } catch (ClosedByInterruptException closed) {
                    interrupted |= Thread.interrupted();
                    if (attempt == ATTEMPTS_MAX) {
                        throw closed;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
