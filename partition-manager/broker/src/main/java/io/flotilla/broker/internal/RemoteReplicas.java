package io.flotilla.broker.internal;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.catchup.ReplicaManifest;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of other brokers, over the internal service.
 *
 * <p>Threading: safe for all threads.
 */
public final class RemoteReplicas implements ReplicaSource {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteReplicas.class);

    private final GroupBrokers brokers;
    private final BrokerLinks links;

    public RemoteReplicas(GroupBrokers brokers, BrokerLinks links) {
        this.brokers = brokers;
        this.links = links;
    }

    @Override
    public Offer ask(GroupId group, long minIndex) throws IOException {
        IOException refusal = new IOException("no other broker is known to have group " + group);
        for (int broker : brokers.of(group)) {
            try {
                MetadataImage known = brokers.image();
                ByteBuffer manifest = Answers.await(links.describeReplica(broker, known, group, minIndex));
                return new RemoteOffer(broker, known, group, ReplicaManifest.decode(manifest));
            } catch (IOException unavailable) {
                unavailable.addSuppressed(refusal);
                refusal = unavailable;
            }
        }
        throw refusal;
    }

    @Override
    public Map<String, List<SegmentSummary>> digests(GroupId group) {
        Map<String, List<SegmentSummary>> known = new LinkedHashMap<>();
        for (int broker : brokers.of(group)) {
            try {
                known.put("broker " + broker, Answers.await(links.describeSegments(broker, brokers.image(), group)));
            } catch (IOException unavailable) {
                LOG.debug("broker {} does not tell its segments group={}", broker, group, unavailable);
            }
        }
        return known;
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
            return Answers.await(links.readSegment(broker, known, group, baseOffset, position, length));
        }

        @Override
        public String origin() {
            return "broker " + broker;
        }
    }
}
