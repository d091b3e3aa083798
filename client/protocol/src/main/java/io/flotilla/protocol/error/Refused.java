package io.flotilla.protocol.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure whose code says all that code can act on; message and details are for people. */
public final class Refused extends LogException {
    /**
     * Name of the detail with the number of attempts, 1 or more. A refusal that has it may have come of an earlier attempt's
     * effect: a topic deleted by an attempt without an answer is unknown to the next one.
     */
    public static final String ATTEMPTS = "attempts";

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
