package io.flotilla.client.producer;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import java.util.HashMap;
import java.util.Map;

/** What a failed send says about the record: whether it may be stored. The detail {@code outcome} of its error. */
enum Outcome {
    NOT_APPENDED("not_appended"),
    UNKNOWN("unknown");

    private static final String DETAIL = "outcome";

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    static Outcome of(boolean unknown) {
        return unknown ? UNKNOWN : NOT_APPENDED;
    }

    boolean isThatOf(LogException failure) {
        return text.equals(failure.details().get(DETAIL));
    }

    LogException error(ErrorCode code, String message) {
        return new Refused(code, message + sentence(), Map.of(DETAIL, text));
    }

    LogException error(ErrorCode code, String message, LogException cause) {
        Map<String, String> details = new HashMap<>(cause.details());
        details.put(DETAIL, text);
        return new Refused(code, message + sentence(), details, cause);
    }

    private String sentence() {
        return this == UNKNOWN ? " (the record may be stored)" : " (the record is not stored)";
    }
}
