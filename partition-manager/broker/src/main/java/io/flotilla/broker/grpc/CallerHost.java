package io.flotilla.broker.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Lets a service know from which address it is called. */
final class CallerHost implements ServerInterceptor {
    private static final Context.Key<String> HOST = Context.keyWithDefault("caller-host", "");

    /** Of the call that is being begun; empty if it has none. */
    static String current() {
        return HOST.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String host = address instanceof InetSocketAddress inet ? inet.getHostString() : "";
        return Contexts.interceptCall(Context.current().withValue(HOST, host), call, headers, next);
    }
}
