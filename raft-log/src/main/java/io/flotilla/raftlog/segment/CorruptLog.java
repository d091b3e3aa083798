package io.flotilla.raftlog.segment;

import java.io.IOException;
import java.util.Optional;

/** A log's files can be read, and do not hold what they must. */
public final class CorruptLog extends IOException {
    private static final long serialVersionUID = 1;

    private static final int CAUSES_MAX = 16;

    public CorruptLog(String message) {
        super(message);
    }

    public CorruptLog(String message, Throwable cause) {
        super(message, cause);
    }

    /** The damage behind a failure, if that is what it came from. */
    public static Optional<CorruptLog> causeOf(Optional<Throwable> failure) {
        Throwable cause = failure.orElse(null);
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (cause instanceof CorruptLog damage) {
                return Optional.of(damage);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
