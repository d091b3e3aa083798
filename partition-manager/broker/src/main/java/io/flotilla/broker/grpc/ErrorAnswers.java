package io.flotilla.broker.grpc;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.TopicPartition;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns failures into {@code google.rpc.Status}: always with an {@code ErrorInfo}, and with what helps the client to go
 * on. What is no {@link LogException} is a bug; it is logged here and told to the client as INTERNAL.
 */
public final class ErrorAnswers {
    /** {@code ErrorInfo.domain} of every error. */
    public static final String DOMAIN = "flotilla";

    /** Messages are cut to this many characters: they travel in headers, which clients limit to 8 KiB. */
    private static final int MESSAGE_CHARS_MAX = 1_500;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    private final IntFunction<Optional<BrokerEndpoint>> endpoints;
    private final Consumer<ErrorCode> told;

    /**
     * @param endpoints where a broker of the given id is reached, if that is known
     * @param told      learns of each error that is told; must be quick
     */
    public ErrorAnswers(IntFunction<Optional<BrokerEndpoint>> endpoints, Consumer<ErrorCode> told) {
        this.endpoints = endpoints;
        this.told = told;
    }

    /** The exception with which a call ends. */
    public StatusRuntimeException exception(Throwable failure, @Nullable PartitionName partition) {
        return StatusProto.toStatusRuntimeException(status(failure, partition));
    }

    /** The status inside a message of a stream that goes on. */
    com.google.rpc.Status status(Throwable failure, @Nullable PartitionName partition) {
        LogException known = known(failure);
        told.accept(known.code());
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(GrpcCodes.of(known.code()).value())
                .setMessage(cut(String.valueOf(known.getMessage())))
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason("ERROR_REASON_" + known.code())
                        .setDomain(DOMAIN)
                        .putAllMetadata(known.details())
                        .build()));
        if (known instanceof NotLeader notLeader) {
            status.addDetails(Any.pack(detail(notLeader, partition)));
        }
        retryAfter(known)
                .ifPresent(pause -> status.addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(WireTimes.duration(pause))
                        .build())));
        return status.build();
    }

    /** The failure itself, out of the wrappers that futures put around it; a bug becomes INTERNAL. */
    private static LogException known(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof LogException known) {
            return known;
        }
        LOG.error("a request failed by a bug", cause);
        return new Refused(ErrorCode.INTERNAL, "internal error: " + cause + "; the broker's log has the cause");
    }

    private io.flotilla.protocol.v1.NotLeader detail(NotLeader failure, @Nullable PartitionName partition) {
        io.flotilla.protocol.v1.NotLeader.Builder detail =
                io.flotilla.protocol.v1.NotLeader.newBuilder().setLeaderEpoch(failure.leaderEpoch());
        if (partition != null) {
            detail.setPartition(
                    TopicPartition.newBuilder().setTopic(partition.topic()).setPartition(partition.partition()));
        }
        failure.leaderBrokerId().flatMap(endpoints::apply).ifPresent(detail::setLeader);
        return detail.build();
    }

    /** Where the leader that a failure names is reached. */
    Optional<BrokerEndpoint> leaderOf(Throwable failure) {
        return known(failure) instanceof NotLeader notLeader
                ? notLeader.leaderBrokerId().flatMap(endpoints::apply)
                : Optional.empty();
    }

    static boolean isNotLeader(Throwable failure) {
        return failure instanceof NotLeader
                || (failure instanceof CompletionException && failure.getCause() instanceof NotLeader);
    }

    /** A pause after which the same call has a fair chance; empty where waiting does not help. */
    private static Optional<Duration> retryAfter(LogException failure) {
        return switch (failure.code()) {
            case LEADER_NOT_READY -> Optional.of(Duration.ofMillis(50));
            case NOT_LEADER ->
                ((NotLeader) failure).leaderBrokerId().isPresent()
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(100));
            case OVERLOADED -> Optional.of(Duration.ofMillis(100));
            case NO_QUORUM, BROKER_NOT_AVAILABLE -> Optional.of(Duration.ofMillis(500));
            default -> Optional.empty();
        };
    }

    private static String cut(String message) {
        return message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "…";
    }
}
