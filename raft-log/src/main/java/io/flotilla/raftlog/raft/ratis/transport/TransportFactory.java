package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.RaftSettings;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Makes the parts that Ratis asks a transport for. */
final class TransportFactory implements ServerFactory {
    /**
     * What the process hands through Ratis to its transport.
     *
     * @param refusals shared with the wire
     */
    record Options(RaftPeerId self, RaftSettings.Transport settings, Wire.Factory wires, Refusals refusals) {}

    private final Options options;
    private final LeaderProofs proofs;

    TransportFactory(Options options, LeaderProofs proofs) {
        this.options = options;
        this.proofs = proofs;
    }

    @Override
    public RpcType getRpcType() {
        return new TransportType();
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
        return new TransportRpc(server, options);
    }

    @Override
    public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        AppenderContext context = (TransportRpc) server.getRaftServer().getServerRpc();
        return proofs.add(new PipelinedAppender(server, state, follower, context));
    }
}
