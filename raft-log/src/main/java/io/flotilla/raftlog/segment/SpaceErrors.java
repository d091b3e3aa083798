package io.flotilla.raftlog.segment;

import org.jspecify.annotations.Nullable;

/** Tells a disk that is full from one that fails: Java has no type for the system's error ENOSPC. */
public final class SpaceErrors {
    private static final String OF_THE_SYSTEM = "No space left on device";
    private static final int CAUSES_MAX = 16;

    private SpaceErrors() {}

    /** Whether a failure, or one of its causes, is that a disk had no room; of a chain of causes 16 are looked at. */
    public static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (isOfTheSystem(cause.getMessage())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isOfTheSystem(@Nullable String message) {
        return message != null && message.contains(OF_THE_SYSTEM);
    }
}
