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
import java.util.OptionalInt;

/**
 * Asks the other brokers of a group to change this broker's own peer, over the internal service and in {@link AskingOrder}.
 *
 * <p>Threading: safe for all threads.
 */
public final class RemotePeerChanges implements PeerChanges {
    private static final Duration REMOVE_DEADLINE = Duration.ofSeconds(15);

    /** A member that catches up by files may need more; the leader goes on then, and is asked again. */
    private static final Duration ADD_DEADLINE = Duration.ofMinutes(1);

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
        AskingOrder order = new AskingOrder(self.id().nodeId(), brokers.of(group));
        IOException refusal = new IOException("no other broker is known that has group " + group
                + (voter ? ": nobody can make this one a voter again" : ": nobody can take this one out of it"));
        for (OptionalInt next = order.next(); next.isPresent(); next = order.next()) {
            int broker = next.getAsInt();
            try {
                Answers.await(links.changePeer(broker, brokers.image(), group, self, voter, seeds, deadline));
                return;
            } catch (InterruptedIOException stopped) {
                throw stopped;
            } catch (IOException unavailable) {
                if (unavailable.getCause() instanceof Refused refused && refused.code() == ErrorCode.CONFLICT) {
                    throw unavailable; // the leader has decided
                }
                order.refused(broker, unavailable);
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
