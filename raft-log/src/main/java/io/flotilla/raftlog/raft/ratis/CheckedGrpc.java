package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.ratis.transport.DurableVotes;
import io.flotilla.raftlog.raft.ratis.transport.LeaderProofs;
import io.flotilla.raftlog.raft.ratis.transport.NewEntries;
import io.flotilla.raftlog.raft.ratis.transport.RemovedMembers;
import io.flotilla.raftlog.raft.ratis.transport.StartedMembers;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.util.ProtoUtils;

/**
 * Ratis's gRPC transport, with each append cut to what is new in it and each acknowledgement held against the log, {@link
 * NewEntries}, each answer to a candidate held back until the vote is durable, {@link DurableVotes}, notices kept from
 * members that are still starting, {@link StartedMembers}, and no appenders to {@link RemovedMembers}. Ratis makes one of
 * these by reflection, from its name.
 *
 * <p>A candidate's vote for itself is not held back: the first entry of a leader is synced before it counts, and the
 * file systems that we know write the folder with it.
 */
public final class CheckedGrpc implements RpcType {
    private static final String APPEND = "appendEntriesAsync";
    private static final String NOTICE = "installSnapshot";
    private static final String VOTE = "requestVote";

    @Override
    public String name() {
        return CheckedGrpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        private final LeaderProofs proofs;

        Factory(Parameters parameters) {
            super(parameters);
            this.proofs = LeaderProofs.in(parameters);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            return proofs.add(new GrpcLogAppender(server, state, follower) {
                @Override
                public void start() {
                    if (!RemovedMembers.drop(this)) {
                        super.start();
                    }
                }
            });
        }

        @Override
        public GrpcServices newRaftServerRpc(RaftServer server) {
            return super.newRaftServerRpc(checked(server, new DurableVotes("raft-sync")));
        }
    }

    /** A server that is the given one, but for the answers to appends and candidates, and what notices it takes. */
    static RaftServer checked(RaftServer server, DurableVotes votes) {
        NewEntries newEntries = new NewEntries();
        return (RaftServer) Proxy.newProxyInstance(
                CheckedGrpc.class.getClassLoader(), new Class<?>[] {RaftServer.class}, (proxy, method, arguments) -> {
                    Object request = arguments == null || arguments.length == 0 ? proxy : arguments[0];
                    String name = method.getName();
                    if (name.equals(NOTICE) && request instanceof InstallSnapshotRequestProto notice) {
                        StartedMembers.require(memberOf(server, notice.getServerRequest()));
                    }
                    if (name.equals(APPEND) && request instanceof AppendEntriesRequestProto append) {
                        return newEntries.append(
                                memberOf(server, append.getServerRequest()), append, server::appendEntriesAsync);
                    }
                    Object result = call(server, method, arguments);
                    if (name.equals(VOTE) && request instanceof RequestVoteRequestProto vote) {
                        votes.ensure(memberOf(server, vote.getServerRequest()));
                    }
                    return result;
                });
    }

    private static Object call(RaftServer server, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    private static RaftServer.Division memberOf(RaftServer server, RaftRpcRequestProto request) throws IOException {
        return server.getDivision(ProtoUtils.toRaftGroupId(request.getRaftGroupId()));
    }
}
