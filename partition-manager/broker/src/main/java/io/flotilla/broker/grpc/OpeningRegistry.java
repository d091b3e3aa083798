package io.flotilla.broker.grpc;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.grpc.util.MutableHandlerRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The services for clients, which exist once the broker has found its cluster. Until then, and again when it stops,
 * their methods answer BROKER_NOT_AVAILABLE, which clients retry elsewhere.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class OpeningRegistry extends HandlerRegistry {
    private static final String CLIENT_METHODS = "flotilla.v1.";

    private final MutableHandlerRegistry open = new MutableHandlerRegistry();
    private final ErrorAnswers errors;

    OpeningRegistry(ErrorAnswers errors) {
        this.errors = errors;
    }

    void add(ServerServiceDefinition service) {
        open.addService(service);
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
        return open.getServices();
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
        ServerMethodDefinition<?, ?> method = open.lookupMethod(methodName, authority);
        return method != null || !methodName.startsWith(CLIENT_METHODS) ? method : notYet(methodName);
    }

    private ServerMethodDefinition<byte[], byte[]> notYet(String methodName) {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .setFullMethodName(methodName)
                .setRequestMarshaller(Bytes.INSTANCE)
                .setResponseMarshaller(Bytes.INSTANCE)
                .build();
        return ServerMethodDefinition.create(descriptor, (call, headers) -> {
            StatusException refusal = StatusProto.toStatusException(errors.status(
                    new Refused(
                            ErrorCode.BROKER_NOT_AVAILABLE,
                            "the broker is starting and has not found its cluster yet; retry, or ask another broker"),
                    null));
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            return new ServerCall.Listener<>() {};
        });
    }

    /** Messages nobody looks at. */
    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException unreadable) {
                throw Status.INTERNAL
                        .withCause(new UncheckedIOException(unreadable))
                        .asRuntimeException();
            }
        }
    }
}
