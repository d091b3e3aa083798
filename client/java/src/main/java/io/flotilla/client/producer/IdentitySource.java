package io.flotilla.client.producer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.protocol.v1.InitProducerRequest;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gets producer ids from the cluster: one that all partitions of a producer begin with, and one more whenever a
 * partition has to begin anew.
 *
 * <p>Threading: safe.
 */
final class IdentitySource {
    private final BrokerCalls calls;
    private final Duration timeout;

    @GuardedBy("this")
    private @Nullable CompletableFuture<ProducerIdentity> first;

    IdentitySource(BrokerCalls calls, Duration timeout) {
        this.calls = calls;
        this.timeout = timeout;
    }

    /** The identity that the producer's partitions share at first. */
    synchronized CompletableFuture<ProducerIdentity> first() {
        if (first == null || first.isCompletedExceptionally()) {
            first = fresh();
        }
        return first;
    }

    /** An identity that nobody has used. */
    CompletableFuture<ProducerIdentity> fresh() {
        return calls.atAny(
                        ProducerServiceGrpc.getInitProducerMethod(), InitProducerRequest.getDefaultInstance(), timeout)
                .thenApply(answer -> new ProducerIdentity(answer.getProducerId(), (short) answer.getProducerEpoch()));
    }
}
