package io.flotilla.broker.internal;

import io.flotilla.broker.internal.v1.DescribeVotersResponse;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who votes on the metadata by asking other brokers, each once: those known here, then those whom they name.
 *
 * <p>Threading: safe for all threads.
 */
public final class RemoteVoters {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteVoters.class);

    private final int self;
    private final VoterContacts contacts;
    private final BrokerLinks links;

    /** @param self this broker's id */
    public RemoteVoters(int self, VoterContacts contacts, BrokerLinks links) {
        this.self = self;
        this.contacts = contacts;
        this.links = links;
    }

    /**
     * The voters of a committed configuration, from the group's leader; empty if none was found.
     *
     * @param known brokers that are believed to vote
     * @throws InterruptedIOException if interrupted
     */
    public Optional<List<PeerId>> committed(MetadataImage image, List<Integer> known) throws InterruptedIOException {
        Deque<Integer> candidates = new ArrayDeque<>(known);
        candidates.addAll(contacts.brokerIds());
        Set<Integer> asked = new HashSet<>();
        asked.add(self);
        for (Integer broker = candidates.poll(); broker != null; broker = candidates.poll()) {
            if (!asked.add(broker)) {
                continue;
            }
            try {
                DescribeVotersResponse answer = Answers.await(links.describeVoters(broker, image));
                if (answer.getCommittedCount() > 0) {
                    return Optional.of(
                            answer.getCommittedList().stream().map(PeerId::new).toList());
                }
                answer.getContactsList().forEach(contact -> candidates.add(contact.getBrokerId()));
                if (answer.hasLeaderBrokerId()) {
                    candidates.addFirst(answer.getLeaderBrokerId());
                }
            } catch (InterruptedIOException stopped) {
                throw stopped;
            } catch (IOException unavailable) {
                LOG.debug("broker {} does not tell who votes on the metadata", broker, unavailable);
            }
        }
        return Optional.empty();
    }
}
