package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.RaftSettings;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.util.SizeInBytes;

/** Ratis's own transport, gRPC from its shaded libraries. The only class to change for another one. */
final class GrpcTransport {
    /** Requests to one follower that are on their way; bounds the memory of a slow one. */
    private static final int OUTSTANDING_APPENDS_MAX = 4;

    /** One connection carries all groups of a pair of peers, so the default of 1 MB would let them wait in turn. */
    private static final SizeInBytes FLOW_CONTROL_WINDOW = SizeInBytes.valueOf("8MB");

    private static final int MESSAGE_BYTES_MIN = 8 * 1024 * 1024;

    /** Ratis wants at least 1 MiB between the largest batch and the largest message. */
    private static final int MESSAGE_EXTRA_BYTES = 1024 * 1024;

    private GrpcTransport() {}

    /** What Ratis hands to its transport beside the properties. */
    static Parameters parameters() {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(
                parameters, (server, services) -> server.intercept(new PeersOnly()));
        return parameters;
    }

    static void configure(RaftProperties properties, RaftSettings settings) {
        RaftConfigKeys.Rpc.setType(properties, new CheckedGrpc());
        GrpcConfigKeys.Server.setHost(properties, settings.address().bindHost());
        GrpcConfigKeys.Server.setPort(properties, settings.address().port());
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, OUTSTANDING_APPENDS_MAX);
        GrpcConfigKeys.setFlowControlWindow(properties, FLOW_CONTROL_WINDOW);
        int messageBytes = Math.max(MESSAGE_BYTES_MIN, RatisProfile.appendBytesMax(settings) + MESSAGE_EXTRA_BYTES);
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(messageBytes));
    }
}
