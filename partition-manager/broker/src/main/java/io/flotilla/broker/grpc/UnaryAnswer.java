package io.flotilla.broker.grpc;

import io.flotilla.broker.replica.PartitionName;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers a unary call from a future, once, with its result or its failure. */
final class UnaryAnswer {
    private final ErrorAnswers errors;
    private final Executor executor;

    /**
     * @param executor builds and sends answers, so that the threads that complete futures are not kept
     */
    UnaryAnswer(ErrorAnswers errors, Executor executor) {
        this.errors = errors;
        this.executor = executor;
    }

    /**
     * @param partition the one the call is about, for error details; null if it is about none
     * @param handler   its future is cancelled when the client goes away
     */
    <T> void send(
            StreamObserver<T> observer, @Nullable PartitionName partition, Supplier<CompletableFuture<T>> handler) {
        send(observer, partition, handler, Function.identity());
    }

    /**
     * @param encode makes the response of the handler's result
     */
    <V, T> void send(
            StreamObserver<T> observer,
            @Nullable PartitionName partition,
            Supplier<CompletableFuture<V>> handler,
            Function<V, T> encode) {
        CompletableFuture<V> result = result(handler);
        if (observer instanceof ServerCallStreamObserver<T> call) {
            call.setOnCancelHandler(() -> result.cancel(false));
        }
        // Failures are answered inside; the stage's own future is of no use.
        var unused = result.whenCompleteAsync(
                (value, failure) -> {
                    if (!result.isCancelled()) {
                        answer(observer, partition, value, failure, encode);
                    }
                },
                executor);
    }

    private static <V> CompletableFuture<V> result(Supplier<CompletableFuture<V>> handler) {
        try {
            return handler.get();
        } catch (RuntimeException failure) { // an expected refusal or a bug: ErrorAnswers tells them apart
            return CompletableFuture.failedFuture(failure);
        }
    }

    private <V, T> void answer(
            StreamObserver<T> observer,
            @Nullable PartitionName partition,
            V value,
            @Nullable Throwable failure,
            Function<V, T> encode) {
        StatusRuntimeException refusal;
        if (failure == null) {
            try {
                T response = encode.apply(value);
                observer.onNext(response);
                observer.onCompleted();
                return;
            } catch (RuntimeException notEncoded) { // for instance a stored batch that cannot be decoded
                refusal = errors.exception(notEncoded, partition);
            }
        } else {
            refusal = errors.exception(failure, partition);
        }
        observer.onError(refusal);
    }
}
