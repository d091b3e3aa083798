package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.ratis.transport.Connections;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/** What a leader knows of its followers. */
final class FollowerProgress {
    /** Entries that a follower may lack and still count as in step: it is sent so many in one request or two. */
    private static final long LAG_MAX = 64;

    private FollowerProgress() {}

    /** Followers whose last answer is no older than this. */
    static Set<PeerId> answering(RaftServer.Division leader, Duration silentAfter) {
        return followers(leader).stream()
                .filter(follower -> answers(follower, silentAfter))
                .map(FollowerProgress::peerOf)
                .collect(Collectors.toSet());
    }

    /** Those that also are connected, if the transport knows, and lack no more than a few entries of what is committed. */
    static Set<PeerId> inStep(RaftServer.Division leader, Duration silentAfter) {
        List<ServerRpcProto> followers = followers(leader);
        long[] matches = leader.getInfo().getFollowerMatchIndices(); // in the order of the followers
        if (matches.length != followers.size()) {
            return Set.of(); // they change just now
        }
        Connections known = leader.getRaftServer().getServerRpc() instanceof Connections kept ? kept : peer -> true;
        long committed = leader.getRaftLog().getLastCommittedIndex();
        Set<PeerId> inStep = new HashSet<>();
        for (int i = 0; i < matches.length; i++) {
            PeerId follower = peerOf(followers.get(i));
            if (answers(followers.get(i), silentAfter)
                    && known.isConnected(RaftPeerId.valueOf(follower.value()))
                    && committed - matches[i] <= LAG_MAX) {
                inStep.add(follower);
            }
        }
        return inStep;
    }

    private static List<ServerRpcProto> followers(RaftServer.Division leader) {
        return leader.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
    }

    private static boolean answers(ServerRpcProto follower, Duration silentAfter) {
        return follower.getLastRpcElapsedTimeMs() <= silentAfter.toMillis();
    }

    private static PeerId peerOf(ServerRpcProto follower) {
        return new PeerId(follower.getId().getId().toStringUtf8());
    }
}
