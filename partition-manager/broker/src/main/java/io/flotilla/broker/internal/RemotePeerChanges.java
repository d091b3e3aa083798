package io.flotilla.broker.internal;

import io.flotilla.broker.config.HostPort;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Asks the other brokers of a group to change this broker's own peer, over the internal service: the one believed to
 * lead first, then whom it names, then the rest, each once; a leader that has made room, or is about to be ready, again.
 *
 * <p>Threading: safe for all threads.
 */
public final class RemotePeerChanges implements PeerChanges {
    private static final Duration REMOVE_DEADLINE = Duration.ofSeconds(15);

    /** A member that catches up by files may need more; the leader goes on then, and is asked again. */
    private static final Duration ADD_DEADLINE = Duration.ofMinutes(1);

    /** Far more than the voters that ever have to make room for one. */
    private static final int ROUNDS_MAX = 8;

    private final Peer self;
    private final int seeds;
    private final GroupBrokers brokers;
    private final BrokerLinks links;

    /**
     * @param address where this broker's Raft port is reached
     * @param seeds   that this broker is configured with and is one of, 0 if it is none
     */
    public RemotePeerChanges(PeerId self, HostPort address, int seeds, GroupBrokers brokers, BrokerLinks links) {
        this.self = new Peer(self, address.host(), address.port());
        this.seeds = seeds;
        this.brokers = brokers;
        this.links = links;
    }

    @Override
    public void remove(GroupId group) throws IOException {
        change(group, false, REMOVE_DEADLINE);
    }

    @Override
    public void add(GroupId group) throws IOException {
        change(group, true, ADD_DEADLINE);
    }

    private void change(GroupId group, boolean voter, Duration deadline) throws IOException {
        Deque<Integer> candidates = new ArrayDeque<>(brokers.of(group));
        Set<Integer> asked = new HashSet<>();
        asked.add(self.id().nodeId());
        int rounds = 1;
        IOException refusal = new IOException("no other broker is known that has group " + group
                + (voter ? ": nobody can make this one a voter again" : ": nobody can take this one out of it"));
        for (Integer broker = candidates.poll(); broker != null; broker = candidates.poll()) {
            if (!asked.add(broker)) {
                continue;
            }
            try {
                Answers.await(links.changePeer(broker, brokers.image(), group, self, voter, seeds, deadline));
                return;
            } catch (InterruptedIOException stopped) {
                throw stopped;
            } catch (IOException unavailable) {
                if (unavailable.getCause() instanceof Refused refused && refused.code() == ErrorCode.CONFLICT) {
                    throw unavailable; // the leader has decided
                }
                if (unavailable.getCause() instanceof Refused refused
                        && refused.code() == ErrorCode.LEADER_NOT_READY
                        && rounds < ROUNDS_MAX) {
                    rounds++;
                    asked.remove(broker);
                    candidates.addFirst(broker);
                }
                if (unavailable.getCause() instanceof NotLeader notLeader) {
                    notLeader.leaderBrokerId().ifPresent(candidates::addFirst);
                }
                refusal = moreTelling(refusal, unavailable);
            }
        }
        throw refusal;
    }

    /** What the leader said is worth more than who does not lead. */
    private static IOException moreTelling(IOException before, IOException latest) {
        boolean keep = latest.getCause() instanceof NotLeader && before.getCause() != null;
        IOException told = keep ? before : latest;
        told.addSuppressed(keep ? latest : before);
        return told;
    }
}
