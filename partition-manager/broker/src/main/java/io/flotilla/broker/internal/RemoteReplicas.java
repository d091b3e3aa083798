package io.flotilla.broker.internal;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.catchup.ReplicaManifest;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of other brokers, over the internal service.
 *
 * <p>Threading: safe for all threads.
 */
public final class RemoteReplicas implements ReplicaSource {
    private final int self;
    private final BrokerLinks links;
    private volatile Supplier<MetadataImage> image;
    private volatile @Nullable RaftHost groups;

    public RemoteReplicas(int self, String clusterId, BrokerLinks links) {
        this.self = self;
        this.links = links;
        MetadataImage nothingYet = MetadataImage.empty(clusterId);
        this.image = () -> nothingYet;
    }

    /** From now on the groups' own members say who leads and who else is there. */
    public void know(RaftHost host) {
        groups = host;
    }

    /** From now on the metadata says where brokers are reached. */
    public void know(Supplier<MetadataImage> newest) {
        image = newest;
    }

    @Override
    public Offer ask(GroupId group, long minIndex) throws IOException {
        IOException refusal = new IOException("no other broker is known to have group " + group);
        for (int broker : candidates(group)) {
            try {
                MetadataImage known = image.get();
                ByteBuffer manifest = await(links.describeReplica(broker, known, group, minIndex));
                return new RemoteOffer(broker, known, group, ReplicaManifest.decode(manifest));
            } catch (IOException unavailable) {
                unavailable.addSuppressed(refusal);
                refusal = unavailable;
            }
        }
        throw refusal;
    }

    /** Brokers that have a replica, the leader first. The member knows best; one that is not open asks the metadata. */
    private Collection<Integer> candidates(GroupId group) {
        Set<Integer> brokers = new LinkedHashSet<>();
        RaftHost host = groups;
        if (host != null && host.group(group).isPresent()) {
            ReplicatedGroup member = host.group(group).get();
            member.leadership().leader().map(PeerId::nodeId).ifPresent(brokers::add);
            member.peers().stream().map(Peer::id).map(PeerId::nodeId).forEach(brokers::add);
        }
        for (Topic topic : image.get().topics().values()) {
            for (PartitionAssignment assigned : topic.partitions()) {
                if (brokers.isEmpty()
                        && topic.partitionId(assigned.partition()).groupId().equals(group)) {
                    assigned.leader().ifPresent(brokers::add);
                    assigned.replicas().stream().map(PeerId::nodeId).forEach(brokers::add);
                }
            }
        }
        brokers.remove(self);
        return brokers;
    }

    private static <T> T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get(); // every call has a deadline
        } catch (ExecutionException failure) {
            throw new IOException(String.valueOf(failure.getCause()), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another broker was asked for its replica");
        }
    }

    private final class RemoteOffer implements Offer {
        private final int broker;
        private final MetadataImage known;
        private final GroupId group;
        private final ReplicaManifest manifest;

        RemoteOffer(int broker, MetadataImage known, GroupId group, ReplicaManifest manifest) {
            this.broker = broker;
            this.known = known;
            this.group = group;
            this.manifest = manifest;
        }

        @Override
        public ReplicaManifest manifest() {
            return manifest;
        }

        @Override
        public ByteBuffer read(long baseOffset, int position, int length) throws IOException {
            return await(links.readSegment(broker, known, group, baseOffset, position, length));
        }

        @Override
        public String origin() {
            return "broker " + broker;
        }
    }
}
