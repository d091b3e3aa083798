package io.flotilla.chaos.port.grpc;

import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.port.Answer;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What a failure of the SDK says about the call. Of sends it says so itself ({@code outcome=not_appended}); of other calls
 * only refusals count that stand before anything is proposed, and only if no earlier attempt of the same call went
 * unanswered.
 */
final class GrpcErrors {
    private static final String OUTCOME = "outcome";
    private static final String NOT_APPENDED = "not_appended";
    private static final int MESSAGE_MAX = 200;

    private GrpcErrors() {}

    static <T> Answer<T> ofSend(Throwable failure) {
        boolean certain = failureIn(failure)
                .filter(known -> NOT_APPENDED.equals(known.details().get(OUTCOME)))
                .isPresent();
        return certain ? Answer.fail(text(failure)) : Answer.info(text(failure));
    }

    static <T> Answer<T> ofCall(Throwable failure) {
        Outcome outcome = failureIn(failure).map(GrpcErrors::outcomeOfCall).orElse(Outcome.INFO);
        return outcome == Outcome.FAIL ? Answer.fail(text(failure)) : Answer.info(text(failure));
    }

    private static Outcome outcomeOfCall(LogException failure) {
        boolean onlyAttempt = !failure.details().containsKey(Refused.ATTEMPTS)
                || failure.details().get(Refused.ATTEMPTS).equals("1");
        return switch (failure.code()) {
            case INVALID_TOPIC_NAME,
                    INVALID_PARTITION_COUNT,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_CONFIG,
                    OFFSET_OUT_OF_RANGE,
                    OFFSET_METADATA_TOO_LARGE -> Outcome.FAIL;
            case UNKNOWN_TOPIC, UNKNOWN_PARTITION, TOPIC_ALREADY_EXISTS, FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER ->
                onlyAttempt ? Outcome.FAIL : Outcome.INFO;
            default -> Outcome.INFO;
        };
    }

    static boolean is(Throwable failure, ErrorCode code) {
        return failureIn(failure).filter(known -> known.code() == code).isPresent();
    }

    private static Optional<LogException> failureIn(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof LogException known ? Optional.of(known) : Optional.empty();
    }

    static String text(Throwable failure) {
        String text = failureIn(failure)
                .map(known -> known.code() + ": " + known.getMessage())
                .orElse(failure.toString());
        return text.length() > MESSAGE_MAX ? text.substring(0, MESSAGE_MAX) : text;
    }
}
