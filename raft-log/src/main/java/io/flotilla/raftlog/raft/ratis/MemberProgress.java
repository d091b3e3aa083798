package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.GroupProgress.Follower;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;

/** Asks Ratis how far a member has come. Some small objects for each follower; nothing waits. */
final class MemberProgress {
    private MemberProgress() {}

    static GroupProgress of(RaftServer.Division open) {
        RaftLog log = open.getRaftLog();
        // A follower's own commit index ends with its log; its leader's comes with every message.
        long committed = log.getLastCommittedIndex();
        for (CommitInfoProto known : open.getCommitInfos()) {
            committed = Math.max(committed, known.getCommitIndex());
        }
        TermIndex last = log.getLastEntryTermIndex();
        DivisionInfo info = open.getInfo();
        return new GroupProgress(
                last == null ? 0 : last.getTerm(),
                last == null ? RaftLog.INVALID_LOG_INDEX : last.getIndex(),
                committed,
                info.getLastAppliedIndex(),
                followers(info));
    }

    private static List<Follower> followers(DivisionInfo info) {
        long @Nullable [] matched = info.getFollowerMatchIndices(); // null where this member does not lead
        List<ServerRpcProto> heard = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
        if (matched == null || matched.length != heard.size()) {
            return List.of(); // leadership or peers changed between the two; the next look tells
        }
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < matched.length; i++) {
            ServerRpcProto follower = heard.get(i); // both lists are in the order of the leader's appenders
            followers.add(new Follower(
                    new PeerId(follower.getId().getId().toStringUtf8()),
                    matched[i],
                    Duration.ofMillis(follower.getLastRpcElapsedTimeMs())));
        }
        return followers;
    }
}
