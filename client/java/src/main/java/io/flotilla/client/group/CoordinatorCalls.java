package io.flotilla.client.group;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls that the coordinator answers, with retries. Only calls that may be repeated belong here.
 *
 * <p>Threading: safe; futures complete on the client's loop.
 */
public final class CoordinatorCalls {
    private final ClientSettings settings;
    private final BrokerCalls calls;
    private final Coordinator coordinator;
    private final EventLoop loop;

    public CoordinatorCalls(ClientSettings settings, BrokerCalls calls, Coordinator coordinator, EventLoop loop) {
        this.settings = settings;
        this.calls = calls;
        this.coordinator = coordinator;
        this.loop = loop;
    }

    /** The broker that is asked next, and most likely was asked last. */
    BrokerAddress coordinator() {
        return coordinator.broker();
    }

    /** Fails with the first error that no retry can change, or with TIMEOUT. */
    public <Q, R> CompletableFuture<R> ask(MethodDescriptor<Q, R> method, Q request, Duration timeout) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        new Call<>(method, request, timeout.toNanos(), answer).round();
        return answer;
    }

    /** One call on its way. Steps follow each other, so it needs no lock. */
    private final class Call<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final Q request;
        private final long timeoutNanos;
        private final CompletableFuture<R> answer;
        private final long startNanos = System.nanoTime();
        private final RetrySchedule schedule =
                new RetrySchedule(settings.retryBackoffMin(), settings.retryBackoffMax(), new SplittableRandom());
        private @Nullable LogException last;

        Call(MethodDescriptor<Q, R> method, Q request, long timeoutNanos, CompletableFuture<R> answer) {
            this.method = method;
            this.request = request;
            this.timeoutNanos = timeoutNanos;
            this.answer = answer;
        }

        void round() {
            long left = left();
            if (left == 0 || loop.isClosed()) {
                answer.completeExceptionally(expired());
                return;
            }
            BrokerAddress broker = coordinator.broker();
            long timeout = Math.min(left, settings.attemptTimeout().toNanos());
            loop.after(calls.at(broker, method, request, Duration.ofNanos(timeout)), (response, thrown) -> {
                if (thrown == null) {
                    coordinator.answered(broker);
                    answer.complete(Objects.requireNonNull(response));
                    return;
                }
                Failure failure = BrokerCalls.failureOf(thrown, broker);
                last = failure.cause();
                if (!failure.code().retriable()) {
                    answer.completeExceptionally(failure.cause());
                    return;
                }
                boolean named = coordinator.failed(broker, failure);
                loop.schedule(this::round, Math.min(schedule.nextDelayNanos(named), left()));
            });
        }

        private long left() {
            return Math.max(0, timeoutNanos - (System.nanoTime() - startNanos));
        }

        private LogException expired() {
            LogException cause = last;
            return new Refused(
                    ErrorCode.TIMEOUT,
                    method.getBareMethodName() + " got no answer within "
                            + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms from the coordinator of groups"
                            + (cause == null ? "" : "; last: " + cause.getMessage()),
                    Map.of(),
                    cause);
        }
    }
}
