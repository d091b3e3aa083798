package io.flotilla.raftlog.raft.ratis.transport;

import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.server.RaftServer;

/**
 * Keeps notices to catch up by files from members that are still starting.
 *
 * <p>Ratis 3.3.0 turns away appends and requests for votes until a member has read its term and vote from the disk, but
 * not such a notice. It makes the member a follower of the leader's term, writes that term, with no vote, over the one on
 * the disk, and then fails the start, which finds a follower where there should be none.
 */
public final class StartedMembers {
    private StartedMembers() {}

    /** @throws ServerNotReadyException if the member has not come as far as to have a role: the leader gives notice again */
    public static void require(RaftServer.Division member) throws ServerNotReadyException {
        if (member.getInfo().getCurrentRole() == null) {
            throw new ServerNotReadyException(member.getMemberId() + " is still starting");
        }
    }
}
