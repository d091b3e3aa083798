package io.flotilla.raftlog.segment;

import java.io.IOException;

/** A log's files can be read, and do not hold what they must. */
public final class CorruptLog extends IOException {
    private static final long serialVersionUID = 1;

    public CorruptLog(String message) {
        super(message);
    }

    public CorruptLog(String message, Throwable cause) {
        super(message, cause);
    }
}
