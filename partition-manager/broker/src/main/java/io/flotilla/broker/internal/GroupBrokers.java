package io.flotilla.broker.internal;

import io.flotilla.broker.identity.Membership;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataReplica;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which other brokers are in a Raft group, as far as this one knows.
 *
 * <p>Threading: safe for all threads.
 */
public final class GroupBrokers {
    private final int self;
    private final Membership membership;
    private final VoterContacts contacts;
    private final GroupId metadataGroup;
    private volatile Supplier<MetadataImage> image;
    private volatile @Nullable RaftHost groups;

    /** @param self this broker's id */
    public GroupBrokers(int self, Membership membership, VoterContacts contacts) {
        this.contacts = contacts;
        this.self = self;
        this.membership = membership;
        this.metadataGroup = MetadataReplica.groupIdOf(membership.clusterId());
        MetadataImage nothingYet = MetadataImage.empty(membership.clusterId());
        this.image = () -> nothingYet;
    }

    /** From now on the groups' own members say who leads and who else is there. */
    public void know(RaftHost host) {
        groups = host;
    }

    /** From now on the metadata says who has replicas, and where brokers are reached. */
    public void know(Supplier<MetadataImage> newest) {
        image = newest;
    }

    /** Says where brokers are reached, and the cluster. */
    MetadataImage image() {
        return image.get();
    }

    /** Brokers in the group, the leader first. The member knows best; where none is open the metadata is asked. */
    Collection<Integer> of(GroupId group) {
        Set<Integer> brokers = new LinkedHashSet<>();
        RaftHost host = groups;
        if (host != null && host.group(group).isPresent()) {
            ReplicatedGroup member = host.group(group).get();
            member.leadership().leader().map(PeerId::nodeId).ifPresent(brokers::add);
            member.peers().stream().map(Peer::id).map(PeerId::nodeId).forEach(brokers::add);
            brokers.remove(self);
        }
        // A member that was taken out while its broker was away knows none of those that are there now.
        if (brokers.isEmpty() || isMetadata(group)) {
            addAssigned(group, brokers);
            brokers.remove(self);
        }
        return brokers;
    }

    boolean isMetadata(GroupId group) {
        return group.equals(metadataGroup);
    }

    private void addAssigned(GroupId group, Set<Integer> brokers) {
        if (isMetadata(group)) {
            brokers.addAll(contacts.brokerIds());
            membership.voters().forEach(voter -> brokers.add(voter.id().nodeId()));
            return;
        }
        assignmentOf(group).ifPresent(assigned -> {
            assigned.leader().ifPresent(brokers::add);
            assigned.holders().stream().map(PeerId::nodeId).forEach(brokers::add);
        });
    }

    /** What the newest image says of the partition whose group this is; empty for other groups. */
    public Optional<PartitionAssignment> assignmentOf(GroupId group) {
        for (Topic topic : image.get().keptTopics().toList()) {
            for (PartitionAssignment assigned : topic.partitions()) {
                if (topic.groupId(assigned).equals(group)) {
                    return Optional.of(assigned);
                }
            }
        }
        return Optional.empty();
    }
}
