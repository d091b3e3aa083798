package io.flotilla.broker.grpc;

import io.flotilla.broker.metrics.ClientMetrics;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Times the unary calls of the services that clients use. Streams live long and are measured inside, and what brokers
 * say to each other is none of theirs.
 */
final class CallTimes implements ServerInterceptor {
    /** What the names of these services begin with, up to the last dot. */
    private static final String PACKAGE =
            ProducerServiceGrpc.SERVICE_NAME.substring(0, ProducerServiceGrpc.SERVICE_NAME.lastIndexOf('.') + 1);

    private final ClientMetrics metrics;

    CallTimes(ClientMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        if (method.getType() != MethodType.UNARY || !method.getFullMethodName().startsWith(PACKAGE)) {
            return next.startCall(call, headers);
        }
        long beganNanos = System.nanoTime();
        ServerCall<Q, A> timed = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                metrics.called(String.valueOf(method.getBareMethodName()), beganNanos);
                super.close(status, trailers);
            }
        };
        return next.startCall(timed, headers);
    }
}
