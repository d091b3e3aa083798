package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.ratis.transport.KeptEntries;
import io.flotilla.raftlog.raft.ratis.transport.StartedMembers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ProtoUtils;

/**
 * Ratis's gRPC transport, with each acknowledgement held against the log, {@link KeptEntries}, and notices kept from
 * members that are still starting, {@link StartedMembers}. Ratis makes one of these by reflection, from its name.
 */
public final class CheckedGrpc implements RpcType {
    private static final String APPEND = "appendEntriesAsync";
    private static final String NOTICE = "installSnapshot";

    @Override
    public String name() {
        return CheckedGrpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        Factory(Parameters parameters) {
            super(parameters);
        }

        @Override
        public GrpcServices newRaftServerRpc(RaftServer server) {
            return super.newRaftServerRpc(checked(server));
        }
    }

    /** A server that is the given one, but for the answers to appends and what notices it takes. */
    static RaftServer checked(RaftServer server) {
        return (RaftServer) Proxy.newProxyInstance(
                CheckedGrpc.class.getClassLoader(), new Class<?>[] {RaftServer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(NOTICE)
                            && arguments.length > 0
                            && arguments[0] instanceof InstallSnapshotRequestProto notice) {
                        StartedMembers.require(server.getDivision(ProtoUtils.toRaftGroupId(
                                notice.getServerRequest().getRaftGroupId())));
                    }
                    Object result = call(server, method, arguments);
                    boolean isAppend = method.getName().equals(APPEND)
                            && arguments.length > 0
                            && arguments[0] instanceof AppendEntriesRequestProto;
                    return isAppend ? checked(server, (AppendEntriesRequestProto) arguments[0], result) : result;
                });
    }

    private static Object call(RaftServer server, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    private static CompletableFuture<AppendEntriesReplyProto> checked(
            RaftServer server, AppendEntriesRequestProto request, Object answer) {
        return ((CompletableFuture<?>) answer)
                .thenApply(reply ->
                        KeptEntries.require(memberOf(server, request), request, (AppendEntriesReplyProto) reply));
    }

    private static RaftServer.Division memberOf(RaftServer server, AppendEntriesRequestProto request) {
        try {
            return server.getDivision(
                    ProtoUtils.toRaftGroupId(request.getServerRequest().getRaftGroupId()));
        } catch (IOException removed) { // after it answered
            throw new UncheckedIOException(removed);
        }
    }
}
