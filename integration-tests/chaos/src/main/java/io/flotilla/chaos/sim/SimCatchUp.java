package io.flotilla.chaos.sim;

import io.flotilla.raftlog.catchup.ReplicaManifest;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.partition.PartitionHost;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The other nodes' files, leader's first, as far as the network lets this node talk to them.
 *
 * <p>Threading: safe for all threads.
 */
final class SimCatchUp implements ReplicaSource {
    private final int self;
    private final SimCluster cluster;

    SimCatchUp(int self, SimCluster cluster) {
        this.self = self;
        this.cluster = cluster;
    }

    @Override
    public Offer ask(GroupId group, long minIndex) throws IOException {
        List<SimNode> others = new ArrayList<>(cluster.nodes());
        others.removeIf(node -> node.number() == self);
        others.sort(Comparator.comparing(node -> !node.replica()
                .filter(replica -> replica.leadership().isLeader())
                .isPresent()));
        IOException refused = new IOException("nobody is there");
        for (SimNode other : others) {
            try {
                ReplicaManifest manifest = exportsOf(other).exports().manifest(group, minIndex);
                return new NodesOffer(other, group, ReplicaManifest.decode(manifest.encode()));
            } catch (IOException refusal) {
                refused = refusal;
            }
        }
        throw refused;
    }

    private PartitionHost exportsOf(SimNode other) throws IOException {
        if (cluster.isCut(self, other.number())) {
            throw new IOException("node " + other.number() + " cannot be reached");
        }
        return other.storage().orElseThrow(() -> new IOException("node " + other.number() + " is down"));
    }

    private final class NodesOffer implements Offer {
        private final SimNode source;
        private final GroupId group;
        private final ReplicaManifest manifest;

        NodesOffer(SimNode source, GroupId group, ReplicaManifest manifest) {
            this.source = source;
            this.group = group;
            this.manifest = manifest;
        }

        @Override
        public ReplicaManifest manifest() {
            return manifest;
        }

        @Override
        public ByteBuffer read(long baseOffset, int position, int length) throws IOException {
            return exportsOf(source).exports().read(group, baseOffset, position, length);
        }

        @Override
        public String origin() {
            return "node " + source.number();
        }
    }
}
