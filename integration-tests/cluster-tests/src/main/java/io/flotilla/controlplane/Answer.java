package io.flotilla.controlplane;

import io.flotilla.protocol.error.ErrorCode;
import java.util.Optional;

/**
 * What a client was told about one call.
 *
 * @param topicId of the topic that the call answered with; empty for calls that answer with none, and for failures
 * @param failure empty if the call succeeded
 */
record Answer(Optional<String> topicId, Optional<ErrorCode> failure) {
    static Answer of(String topicId) {
        return new Answer(Optional.of(topicId), Optional.empty());
    }

    static Answer done() {
        return new Answer(Optional.empty(), Optional.empty());
    }

    static Answer failed(ErrorCode code) {
        return new Answer(Optional.empty(), Optional.of(code));
    }

    boolean succeeded() {
        return failure.isEmpty();
    }

    /** Whether the call may have had its effect or not, and may have it yet. */
    boolean leavesUnknown() {
        return failure.filter(code -> code.retriable() || code == ErrorCode.INTERNAL)
                .isPresent();
    }

    @Override
    public String toString() {
        return failure.map(Enum::toString).orElse("OK")
                + topicId.map(id -> " " + id).orElse("");
    }
}
