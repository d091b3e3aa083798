package io.flotilla.raftlog.raft.ratis.transport;

import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LogAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members for which a new leader starts an appender although it removes them with its first entry.
 *
 * <p>Ratis 3.3.0 makes an appender for each member of the configuration with which a leader was elected. If that is in
 * transition, the first entry of the term ends the transition ({@code LeaderStateImpl.StartupLogEntry}), but the appenders
 * of those that it removes stay. None of them could be added again while this leader leads: a second appender for it is
 * refused, and so is each later change of the members.
 */
public final class RemovedMembers {
    private static final Logger LOG = LoggerFactory.getLogger(RemovedMembers.class);

    private RemovedMembers() {}

    /**
     * Drops an appender that is about to start if its follower belongs to the group no more. To be called by {@link
     * LogAppender#start}, which for members of the first configuration runs before anybody can ask for the next.
     *
     * @return whether it was dropped, and must not start
     */
    public static boolean drop(LogAppender appender) {
        RaftPeerId follower = appender.getFollowerId();
        boolean isMember =
                appender.getServer().getRaftConf().getPeer(follower, RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER)
                        != null;
        if (isMember || appender.getLeaderState().isFollowerBootstrapping(appender.getFollower())) {
            return false;
        }
        LOG.info("not started, the first entry of the term removes the follower appender={}", appender);
        appender.getLeaderState().restart(appender); // Ratis starts none again for a peer that it does not know
        return true;
    }
}
