package io.flotilla.metadata.store;

import java.io.IOException;

/** Framed bytes are not as they were written. */
final class CorruptFrame extends IOException {
    private static final long serialVersionUID = 1;

    CorruptFrame(String message) {
        super(message);
    }
}
