package io.flotilla.protocol.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure whose code says all that code can act on; message and details are for people. */
public final class Refused extends LogException {
    private static final long serialVersionUID = 1L;

    public Refused(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    public Refused(ErrorCode code, String message, Map<String, String> details) {
        super(code, message, details, null);
    }

    public Refused(ErrorCode code, String message, Map<String, String> details, @Nullable Throwable cause) {
        super(code, message, details, cause);
    }
}
