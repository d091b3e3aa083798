package io.flotilla.raftlog.raft.ratis;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;

/**
 * One change of a group's voters, on its leader: a compare-and-set through Ratis's joint consensus.
 *
 * <p>Once Ratis has the change in its log it cannot be taken back, and no other can follow before it is committed. So it
 * is not begun while too few voters answer, of the old ones or of those that stay.
 *
 * <p>It adds one voter or takes one out. For more, joint consensus would have to hold across a change of leaders, and with
 * Ratis 3.3.0 it does not: a leader that finds the transition in its log, committed or not, ends it with the first entry of
 * its term ({@code LeaderStateImpl.StartupLogEntry}), which the new voters alone commit. The old ones could elect another
 * leader meanwhile, and with two voters replaced at once, or one of three exchanged, the two majorities need have no member
 * in common. Majorities of sets that differ by one member always have (Ongaro's dissertation, 4.1).
 */
final class PeerChange {
    /**
     * After this the outcome is called unknown. Long, since a new voter catches up first, perhaps by files; one that falls
     * silent is given up much sooner.
     */
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private PeerChange() {}

    /**
     * @param silentAfter a voter that has not answered for this long counts as away
     */
    static CompletableFuture<RaftClientReply> submit(
            InProcessRequests requests,
            RaftServer.Division leader,
            List<Peer> expected,
            List<Peer> wanted,
            Duration silentAfter) {
        GroupId group = new GroupId(leader.getMemberId().getGroupId().getUuid());
        Set<PeerId> answering = new HashSet<>(FollowerProgress.answering(leader, silentAfter));
        answering.add(new PeerId(leader.getId().toString()));
        Set<PeerId> before = ids(expected);
        Set<PeerId> after = ids(wanted);
        if (differences(before, after) > 1) {
            return CompletableFuture.failedFuture(tooMuch(group, before, after));
        }
        Set<PeerId> staying = after.stream().filter(before::contains).collect(Collectors.toSet());
        long silentBefore =
                before.stream().filter(peer -> !answering.contains(peer)).count();
        // A peer that comes is not asked to commit before it has caught up.
        long silentAfterwards =
                staying.stream().filter(peer -> !answering.contains(peer)).count();
        if (wanted.isEmpty() || isMinority(before, silentBefore) || isMinority(after, silentAfterwards)) {
            return CompletableFuture.failedFuture(noQuorum(group, before, after, answering));
        }
        SetConfigurationRequest request = new SetConfigurationRequest(
                requests.client(),
                requests.self(),
                leader.getMemberId().getGroupId(),
                requests.nextCallId(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .setServersInCurrentConf(theirs(expected))
                        .setServersInNewConf(theirs(wanted))
                        .build());
        try {
            return requests.bounded(group, leader.getRaftServer().setConfigurationAsync(request), TIMEOUT);
        } catch (IOException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private static int differences(Set<PeerId> before, Set<PeerId> after) {
        Set<PeerId> both = new HashSet<>(before);
        both.retainAll(after);
        return before.size() + after.size() - 2 * both.size();
    }

    private static boolean isMinority(Set<PeerId> voters, long silent) {
        return (voters.size() - silent) * 2 <= voters.size();
    }

    private static Set<PeerId> ids(List<Peer> peers) {
        return peers.stream().map(Peer::id).collect(Collectors.toSet());
    }

    private static List<RaftPeer> theirs(List<Peer> peers) {
        return peers.stream().map(RatisPeers::theirs).toList();
    }

    private static Refused tooMuch(GroupId group, Set<PeerId> before, Set<PeerId> after) {
        return new Refused(
                ErrorCode.INVALID_REQUEST,
                "the peers of group " + group + " are not changed from " + before + " to " + after
                        + ": add one, or take one out, at a time",
                Map.of("group", group.toString()));
    }

    private static Refused noQuorum(GroupId group, Set<PeerId> before, Set<PeerId> after, Set<PeerId> answering) {
        return new Refused(
                ErrorCode.NO_QUORUM,
                "the peers of group " + group + " are not changed from " + before + " to " + after
                        + ": it could not be committed, since only " + answering + " answer",
                Map.of("group", group.toString()));
    }
}
