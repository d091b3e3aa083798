package io.flotilla.raftlog.raft.ratis.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/** Who may stand for election when a leader is lost, and when. Pure. */
final class LostLeaderRules {
    private LostLeaderRules() {}

    /**
     * When a peer is lost.
     *
     * @param leaseMillis   longest time for which a leader may still trust an answer that it was given
     * @param silenceMillis longest time for which nothing may come from a leader, longer than its lease
     */
    record Times(long leaseMillis, long silenceMillis) {
        /** As Ratis computes the lease; silence is as long as an election timeout is on average. */
        static Times of(RaftProperties properties) {
            TimeDuration min = RaftServerConfigKeys.Rpc.timeoutMin(properties);
            TimeDuration max = RaftServerConfigKeys.Rpc.timeoutMax(properties);
            return new Times(
                    min.multiply(RaftServerConfigKeys.Read.leaderLeaseTimeoutRatio(properties))
                            .toLong(TimeUnit.MILLISECONDS),
                    (min.toLong(TimeUnit.MILLISECONDS) + max.toLong(TimeUnit.MILLISECONDS)) / 2);
        }
    }

    /**
     * Whether a peer over whose connection nothing comes is lost.
     *
     * @param silentMillis since it was last heard; empty if no connection to it is up, which is another matter
     * @param awakeMillis  since this process itself slept last: before, nobody could be heard
     */
    static boolean isSilent(OptionalLong silentMillis, long awakeMillis, Times times) {
        return silentMillis.isPresent() && Math.min(silentMillis.getAsLong(), awakeMillis) >= times.silenceMillis();
    }

    /**
     * What a member knows of its group.
     *
     * @param follows whether it is a follower, not a candidate nor a leader
     * @param leader  whom it follows, null for nobody
     * @param last    its newest entry, null if its log holds none
     */
    record View(
            boolean follows,
            @Nullable RaftPeerId leader,
            long term,
            @Nullable TermIndex last) {}

    /**
     * How many others stand before this one: each group has its own order of the members that are left, so that the groups
     * of one lost leader spread over them and no two members of a group stand at the same moment.
     *
     * @param left the group's voters without the lost leader, {@code self} among them
     */
    static int turn(UUID group, RaftPeerId self, Collection<RaftPeerId> left) {
        List<RaftPeerId> order = new ArrayList<>(left);
        order.sort((one, other) -> one.toString().compareTo(other.toString()));
        int place = order.indexOf(self);
        if (place < 0) {
            throw new IllegalArgumentException(self + " is none of " + left);
        }
        return Math.floorMod(place - group.hashCode(), order.size());
    }

    /**
     * Whether a member may stand for election without waiting for its timeout: it has an entry of the leader's own term,
     * so it is known what the leader could not have done without it.
     */
    static boolean mayStand(View view, RaftPeerId lost) {
        TermIndex last = view.last();
        return view.follows() && lost.equals(view.leader()) && last != null && last.getTerm() == view.term();
    }

    /**
     * Whether a member supports another's election: as for a pre-vote of Raft (Ongaro's dissertation, 9.6), but that a lost
     * connection takes the place of the timeout.
     *
     * @param leaderIsLost whether the member has lost the leader it follows for as long as that leader's lease lasts
     * @param term         of the candidate, which follows the same leader
     * @param last         the candidate's newest entry
     */
    static boolean supports(View view, boolean leaderIsLost, long term, TermIndex last) {
        TermIndex own = view.last();
        return view.follows() && leaderIsLost && view.term() == term && own != null && own.compareTo(last) <= 0;
    }

    /** Supporters it takes, the candidate among them. */
    static int majority(int voters) {
        return voters / 2 + 1;
    }
}
