package io.flotilla.broker.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a replica is not open: its disk is too full. */
final class NoSpace extends IOException {
    private static final long serialVersionUID = 1;

    /** What the system's error ENOSPC is called; Java has no type for it. */
    private static final String OF_THE_SYSTEM = "No space left on device";

    private static final int CAUSES_MAX = 16;

    NoSpace(long freeBytes) {
        super("its disk has " + freeBytes + " bytes left, less than half of disk.reserve.bytes");
    }

    /** Whether a replica that failed for this reason can go on once there is room. */
    static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (cause instanceof NoSpace || isOfTheSystem(cause.getMessage())) {
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
