package io.flotilla.broker.disk;

import io.flotilla.raftlog.segment.SpaceErrors;
import java.io.IOException;

/** Why a replica is not open: its disk is too full. */
final class NoSpace extends IOException {
    private static final long serialVersionUID = 1;

    private static final int CAUSES_MAX = 16;

    NoSpace(long freeBytes) {
        super("its disk has " + freeBytes + " bytes left, less than half of disk.reserve.bytes");
    }

    /** Whether a replica that failed for this reason can go on once there is room. */
    static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (cause instanceof NoSpace) {
                return true;
            }
            cause = cause.getCause();
        }
        return SpaceErrors.isCauseOf(failure);
    }
}
