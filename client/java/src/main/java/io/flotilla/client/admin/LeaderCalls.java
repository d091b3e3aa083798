package io.flotilla.client.admin;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.metadata.TopicView;
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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls that the leader of a partition answers, with retries. Only calls that may be repeated belong here.
 *
 * <p>Threading: safe; futures complete on the client's loop.
 */
public final class LeaderCalls {
    private final ClientSettings settings;
    private final BrokerCalls calls;
    private final MetadataCache metadata;
    private final EventLoop loop;

    public LeaderCalls(ClientSettings settings, BrokerCalls calls, MetadataCache metadata, EventLoop loop) {
        this.settings = settings;
        this.calls = calls;
        this.metadata = metadata;
        this.loop = loop;
    }

    /** Fails with the first error that no retry can change, or with TIMEOUT. */
    public <Q, R> CompletableFuture<R> ask(
            TopicPartition partition, MethodDescriptor<Q, R> method, Q request, Duration timeout) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        new Call<>(partition, method, request, timeout.toNanos(), answer).round();
        return answer;
    }

    /** One call on its way. Steps follow each other, so it needs no lock. */
    private final class Call<Q, R> {
        private final TopicPartition partition;
        private final MethodDescriptor<Q, R> method;
        private final Q request;
        private final long timeoutNanos;
        private final CompletableFuture<R> answer;
        private final long startNanos = System.nanoTime();
        private final RetrySchedule schedule =
                new RetrySchedule(settings.retryBackoffMin(), settings.retryBackoffMax(), new SplittableRandom());
        private @Nullable LogException last;

        Call(
                TopicPartition partition,
                MethodDescriptor<Q, R> method,
                Q request,
                long timeoutNanos,
                CompletableFuture<R> answer) {
            this.partition = partition;
            this.method = method;
            this.request = request;
            this.timeoutNanos = timeoutNanos;
            this.answer = answer;
        }

        void round() {
            if (left().isZero() || loop.isClosed()) {
                answer.completeExceptionally(expired());
                return;
            }
            boolean stale = metadata.topic(partition.topic()).isPresent()
                    && metadata.leader(partition).isEmpty();
            CompletableFuture<TopicView> topic =
                    stale ? metadata.refresh(partition.topic()) : metadata.lookUp(partition.topic(), left());
            loop.after(topic, (view, thrown) -> {
                if (thrown instanceof LogException failure && !failure.code().retriable()) {
                    answer.completeExceptionally(failure);
                } else if (view != null && partition.partition() >= view.partitionCount()) {
                    answer.completeExceptionally(new Refused(
                            ErrorCode.UNKNOWN_PARTITION,
                            "topic " + view.name() + " has partitions 0 to " + (view.partitionCount() - 1) + ", not "
                                    + partition.partition()));
                } else {
                    metadata.leader(partition).ifPresentOrElse(this::ask, () -> pause(false));
                }
            });
        }

        private void ask(BrokerAddress leader) {
            long timeout = Math.min(left().toNanos(), settings.attemptTimeout().toNanos());
            loop.after(calls.at(leader, method, request, Duration.ofNanos(timeout)), (response, thrown) -> {
                if (thrown == null) {
                    answer.complete(Objects.requireNonNull(response));
                    return;
                }
                Failure failure = BrokerCalls.failureOf(thrown, leader);
                metadata.leaderFailed(partition, leader, failure);
                last = failure.cause();
                // A topic that the leader does not know yet, or no more, is decided on by the next look-up.
                boolean decidedElsewhere = failure.code() == ErrorCode.UNKNOWN_TOPIC
                        && System.nanoTime() - startNanos
                                < settings.topicGrace().toNanos();
                if (failure.code().retriable() || decidedElsewhere) {
                    Optional<BrokerAddress> other = failure.leaderOtherThan(leader);
                    pause(other.isPresent());
                } else {
                    answer.completeExceptionally(failure.cause());
                }
            });
        }

        private void pause(boolean leaderNamed) {
            loop.schedule(this::round, Math.min(schedule.nextDelayNanos(leaderNamed), left().toNanos()));
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(0, timeoutNanos - (System.nanoTime() - startNanos)));
        }

        private LogException expired() {
            LogException cause = last;
            return new Refused(
                    ErrorCode.TIMEOUT,
                    method.getBareMethodName() + " got no answer within "
                            + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms from the leader of " + partition
                            + (cause == null ? ": none is known" : "; last: " + cause.getMessage()),
                    Map.of(),
                    cause);
        }
    }
}
