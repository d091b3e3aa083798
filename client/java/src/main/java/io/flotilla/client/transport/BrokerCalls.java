package io.flotilla.client.transport;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls. Futures fail with a {@link LogException} or, at one broker, with a {@link FailedCall}, which also has the
 * leader hint; they complete on network threads or the client's loop.
 *
 * <p>Threading: safe.
 */
public final class BrokerCalls {
    private final ClientSettings settings;
    private final Channels channels;
    private final BrokerDirectory brokers;
    private final EventLoop loop;

    public BrokerCalls(ClientSettings settings, Channels channels, BrokerDirectory brokers, EventLoop loop) {
        this.settings = settings;
        this.channels = channels;
        this.brokers = brokers;
        this.loop = loop;
    }

    /** A failed attempt with all that its broker told. */
    public static final class FailedCall extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        FailedCall(Failure failure) {
            super(failure.cause().getMessage(), failure.cause());
            this.failure = failure;
        }

        public Failure failure() {
            return failure;
        }
    }

    /** The failure inside what a future of this class was completed with. */
    public static Failure failureOf(Throwable thrown, BrokerAddress broker) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof FailedCall failed ? failed.failure() : Failure.of(cause, broker);
    }

    /** Whether this client or a broker made other attempts before, so that an earlier one may have had its effect. */
    public static boolean wasRetried(LogException failure) {
        return failure.details().containsKey(Refused.ATTEMPTS);
    }

    public BrokerDirectory brokers() {
        return brokers;
    }

    /** One attempt at one broker. */
    public <Q, R> CompletableFuture<R> at(
            BrokerAddress broker, MethodDescriptor<Q, R> method, Q request, Duration timeout) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
            ClientCalls.asyncUnaryCall(
                    channels.to(broker).newCall(method, options), request, new Answer<>(broker, answer));
        } catch (RuntimeException notSent) { // also where gRPC itself throws: whoever waits must hear of it
            answer.completeExceptionally(new FailedCall(Failure.of(notSent, broker)));
        }
        return answer;
    }

    /**
     * Asks one broker after the other, with pauses once all have failed, until one gives an answer or a failure that no
     * retry can change, or {@code timeout} is over.
     */
    public <Q, R> CompletableFuture<R> atAny(MethodDescriptor<Q, R> method, Q request, Duration timeout) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        new Rotation<>(method, request, System.nanoTime() + timeout.toNanos(), answer).round();
        return answer;
    }

    /** One call on its way over the brokers. Steps follow each other, so it needs no lock. */
    private final class Rotation<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final Q request;
        private final long deadlineNanos;
        private final CompletableFuture<R> answer;
        private final RetrySchedule schedule =
                new RetrySchedule(settings.retryBackoffMin(), settings.retryBackoffMax(), new SplittableRandom());
        private @Nullable Failure last;
        private int attempts;

        Rotation(MethodDescriptor<Q, R> method, Q request, long deadlineNanos, CompletableFuture<R> answer) {
            this.method = method;
            this.request = request;
            this.deadlineNanos = deadlineNanos;
            this.answer = answer;
        }

        void round() {
            attempt(brokers.inOrder(), 0);
        }

        private void attempt(List<BrokerAddress> candidates, int next) {
            long remaining = deadlineNanos - System.nanoTime();
            if (remaining <= 0 || loop.isClosed()) {
                answer.completeExceptionally(expired());
                return;
            }
            if (next == candidates.size()) {
                pause(remaining);
                return;
            }
            BrokerAddress broker = candidates.get(next);
            Duration timeout = Duration.ofNanos(
                    Math.min(remaining, settings.attemptTimeout().toNanos()));
            attempts++;
            loop.after(at(broker, method, request, timeout), (result, thrown) -> {
                if (thrown == null) {
                    answer.complete(Objects.requireNonNull(result));
                    return;
                }
                Failure failure = failureOf(thrown, broker);
                // An attempt cut short by the end of the call tells less than what failed before.
                last = last == null || failure.code() != ErrorCode.TIMEOUT ? failure : last;
                if (failure.code().retriable()) {
                    brokers.failed(broker);
                    attempt(candidates, next + 1);
                } else {
                    answer.completeExceptionally(withAttempts(failure.cause()));
                }
            });
        }

        private void pause(long remainingNanos) {
            long delay = Math.min(remainingNanos, schedule.nextDelayNanos(false));
            loop.schedule(this::round, delay);
        }

        private LogException expired() {
            Failure cause = last;
            return new Refused(
                    ErrorCode.TIMEOUT,
                    name()
                            + (loop.isClosed()
                                    ? " was cut off by closing the client after "
                                    : " got no answer in time after ")
                            + attempts + " attempts at " + brokers.inOrder()
                            + (cause == null ? "" : "; last: " + cause.cause().getMessage()),
                    Map.of(Refused.ATTEMPTS, Integer.toString(attempts)),
                    cause == null ? null : cause.cause());
        }

        /** Lets the caller see whether an earlier attempt may have had an effect. */
        private LogException withAttempts(LogException cause) {
            if (attempts == 1 || !(cause instanceof Refused)) {
                return cause;
            }
            Map<String, String> details = new HashMap<>(cause.details());
            details.put(Refused.ATTEMPTS, Integer.toString(attempts));
            return new Refused(cause.code(), String.valueOf(cause.getMessage()), details, cause);
        }

        private String name() {
            return String.valueOf(method.getBareMethodName());
        }
    }

    /** Completes a future with the one message of a unary answer. */
    private static final class Answer<R> implements StreamObserver<R> {
        private final BrokerAddress broker;
        private final CompletableFuture<R> future;

        Answer(BrokerAddress broker, CompletableFuture<R> future) {
            this.broker = broker;
            this.future = future;
        }

        @Override
        public void onNext(R value) {
            future.complete(value);
        }

        @Override
        public void onError(Throwable thrown) {
            future.completeExceptionally(new FailedCall(Failure.of(thrown, broker)));
        }

        @Override
        public void onCompleted() {
            future.completeExceptionally(new FailedCall(Failure.of(
                    ErrorCode.BROKER_NOT_AVAILABLE, "broker " + broker + " ended a call without an answer")));
        }
    }
}
