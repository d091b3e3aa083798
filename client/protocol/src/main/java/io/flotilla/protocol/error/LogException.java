package io.flotilla.protocol.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure the caller can act on. Anything else is a bug and is left to surface as itself. */
public abstract sealed class LogException extends RuntimeException permits NotLeader, OffsetOutOfRange, Refused {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, String> details;

    LogException(ErrorCode code, String message, Map<String, String> details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = Map.copyOf(details);
    }

    public final ErrorCode code() {
        return code;
    }

    /** The offending values by name, as the wire's ErrorInfo metadata carries them. */
    public final Map<String, String> details() {
        return details;
    }
}
