package io.flotilla.client.producer;

import io.flotilla.client.RecordMetadata;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What became of a value, from what became of its parts: it is stored if all are, and is where the last one is. */
final class WholeValue {
    private WholeValue() {}

    static CompletableFuture<RecordMetadata> of(List<CompletableFuture<RecordMetadata>> parts) {
        CompletableFuture<RecordMetadata> whole = new CompletableFuture<>();
        CompletableFuture<Void> unused = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .whenComplete((all, thrown) -> {
                    LogException failure = failureOf(parts);
                    if (failure != null) {
                        whole.completeExceptionally(failure);
                    } else {
                        RecordMetadata last = parts.get(parts.size() - 1).join();
                        whole.complete(last);
                    }
                });
        return whole;
    }

    /** A part that is certainly not stored says so of the value. */
    private static @Nullable LogException failureOf(List<CompletableFuture<RecordMetadata>> parts) {
        LogException found = null;
        for (CompletableFuture<RecordMetadata> part : parts) {
            if (part.isCompletedExceptionally()) {
                LogException failure = causeOf(part);
                if (Outcome.NOT_APPENDED.isThatOf(failure)) {
                    return failure;
                }
                found = found == null ? failure : found;
            }
        }
        return found;
    }

    private static LogException causeOf(CompletableFuture<RecordMetadata> failed) {
        try {
            failed.join();
            throw new IllegalStateException("the part has not failed");
        } catch (CompletionException thrown) {
            return thrown.getCause() instanceof LogException failure
                    ? failure
                    : new Refused(ErrorCode.INTERNAL, String.valueOf(thrown.getCause()));
        }
    }
}
