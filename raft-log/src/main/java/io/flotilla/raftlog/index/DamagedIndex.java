package io.flotilla.raftlog.index;

import java.io.IOException;

/** The index can be read, and does not hold what it must; it can be built again from the segments. */
public final class DamagedIndex extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedIndex(String message, Throwable cause) {
        super(message, cause);
    }
}
