package io.flotilla.client.intercept;

import io.flotilla.client.ProducerInterceptor;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Lets a producer's interceptors see a record before it is sent and after it has come to its end.
 *
 * <p>Threading: safe, as the interceptors have to be.
 */
public final class SendInterceptors {
    private final List<ProducerInterceptor> all;
    private final Observers<ProducerInterceptor> observers;

    public SendInterceptors(List<ProducerInterceptor> all) {
        this.all = all;
        this.observers = new Observers<>(all, System::nanoTime);
    }

    /**
     * @param send   takes the record that the interceptors made; what it throws nobody hears of but the caller
     * @return completes after all interceptors were told
     */
    public CompletableFuture<RecordMetadata> send(
            ProducerRecord record, Function<ProducerRecord, CompletableFuture<RecordMetadata>> send) {
        if (all.isEmpty()) {
            return send.apply(record);
        }
        ProducerRecord changed = record;
        for (ProducerInterceptor interceptor : all) {
            try {
                changed = interceptor.onSend(changed);
            } catch (RuntimeException refused) { // whatever it is, it must not go out unchanged
                return tellingOf(changed, CompletableFuture.failedFuture(refusal(interceptor, changed, refused)));
            }
        }
        return tellingOf(changed, send.apply(changed));
    }

    /** A future of its own, so that what hangs on it meets the failure itself and not one that wraps it. */
    private CompletableFuture<RecordMetadata> tellingOf(
            ProducerRecord record, CompletableFuture<RecordMetadata> outcome) {
        CompletableFuture<RecordMetadata> told = new CompletableFuture<>();
        CompletableFuture<RecordMetadata> unused = outcome.whenComplete((stored, failure) -> {
            if (failure != null) {
                observers.tell(interceptor -> interceptor.onFailed(record, failure));
                told.completeExceptionally(failure);
            } else {
                observers.tell(interceptor -> interceptor.onAcknowledged(record, stored));
                told.complete(stored);
            }
        });
        return told;
    }

    private static Refused refusal(ProducerInterceptor interceptor, ProducerRecord record, RuntimeException cause) {
        return new Refused(
                ErrorCode.INVALID_RECORD,
                "topic " + record.topic() + ": interceptor "
                        + interceptor.getClass().getName() + " failed (the record is not stored): "
                        + cause.getMessage(),
                Map.of("outcome", "not_appended"),
                cause);
    }
}
