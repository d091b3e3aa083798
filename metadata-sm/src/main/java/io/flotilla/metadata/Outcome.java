package io.flotilla.metadata;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The answer to a command: the same on every replica. Encoded form: {@code outcome.proto}. */
public sealed interface Outcome {
    /**
     * The result, if the command was accepted.
     *
     * @param kind the result that belongs to the command
     * @throws Refused if it was rejected, with the rejection's code, message and details
     */
    <T extends Result> T resultAs(Class<T> kind);

    /**
     * @param version the image's version after the command: whoever waits for an image of at least this version sees
     *     its effect
     */
    record Accepted(long version, Result result) implements Outcome {
        @Override
        public <T extends Result> T resultAs(Class<T> kind) {
            return kind.cast(result);
        }
    }

    /**
     * The command broke a rule and changed nothing.
     *
     * @param message what is wrong, with the value, and what to do
     * @param details the offending values by name
     */
    record Rejected(ErrorCode code, String message, Map<String, String> details) implements Outcome {
        public Rejected {
            details = Collections.unmodifiableMap(new TreeMap<>(details));
        }

        @Override
        public <T extends Result> T resultAs(Class<T> kind) {
            throw new Refused(code, message, details);
        }
    }
}
