package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * All of the cluster's metadata at one version. Immutable; each change makes a new image that shares what stayed the
 * same. Encoded form: {@code image.proto}.
 */
public final class MetadataImage {
    private final String clusterId;
    private final long version;
    private final int featureLevel;
    private final long nextProducerId;
    private final SortedMap<Integer, BrokerRegistration> brokers;
    private final SortedMap<String, Topic> topics;
    private final Map<UUID, Topic> topicsById;
    private final List<Operation> operations;
    private final SortedMap<UUID, DeletedTopic> deletedTopics;
    private final SpentIds spentIds;
    private final MetadataVoters metadataVoters;

    private MetadataImage(
            String clusterId,
            long version,
            int featureLevel,
            long nextProducerId,
            SortedMap<Integer, BrokerRegistration> brokers,
            SortedMap<String, Topic> topics,
            Map<UUID, Topic> topicsById,
            SortedMap<UUID, DeletedTopic> deletedTopics,
            SpentIds spentIds,
            List<Operation> operations,
            MetadataVoters metadataVoters) {
        this.clusterId = clusterId;
        this.version = version;
        this.featureLevel = featureLevel;
        this.nextProducerId = nextProducerId;
        this.brokers = brokers;
        this.topics = topics;
        this.topicsById = topicsById;
        this.operations = List.copyOf(operations);
        this.deletedTopics = deletedTopics;
        this.spentIds = spentIds;
        this.metadataVoters = metadataVoters;
    }

    /** The image of a cluster in which nothing has happened yet: version 0. */
    public static MetadataImage empty(String clusterId) {
        return of(clusterId, 0, 0, List.of(), List.of());
    }

    /** An image of the first feature level without deleted topics and operations, put together from its parts. */
    public static MetadataImage of(
            String clusterId,
            long version,
            long nextProducerId,
            Collection<BrokerRegistration> brokers,
            Collection<Topic> topics) {
        return of(
                clusterId,
                version,
                FeatureLevels.FIRST,
                nextProducerId,
                brokers,
                topics,
                List.of(),
                SpentIds.NONE,
                List.of(),
                MetadataVoters.UNKNOWN);
    }

    /** An image put together from its parts. */
    public static MetadataImage of(
            String clusterId,
            long version,
            int featureLevel,
            long nextProducerId,
            Collection<BrokerRegistration> brokers,
            Collection<Topic> topics,
            Collection<DeletedTopic> deletedTopics,
            SpentIds spentIds,
            List<Operation> operations,
            MetadataVoters metadataVoters) {
        SortedMap<Integer, BrokerRegistration> brokersById = new TreeMap<>();
        brokers.forEach(broker -> brokersById.put(broker.id(), broker));
        SortedMap<String, Topic> topicsByName = new TreeMap<>();
        topics.forEach(topic -> topicsByName.put(topic.name(), topic));
        SortedMap<UUID, DeletedTopic> deletedById = new TreeMap<>();
        deletedTopics.forEach(deleted -> deletedById.put(deleted.topic().id(), deleted));
        return new MetadataImage(
                clusterId,
                version,
                featureLevel,
                nextProducerId,
                Collections.unmodifiableSortedMap(brokersById),
                Collections.unmodifiableSortedMap(topicsByName),
                byId(topicsByName),
                Collections.unmodifiableSortedMap(deletedById),
                spentIds,
                operations,
                metadataVoters);
    }

    private static Map<UUID, Topic> byId(SortedMap<String, Topic> topics) {
        Map<UUID, Topic> byId = new HashMap<>();
        topics.values().forEach(topic -> byId.put(topic.id(), topic));
        return byId;
    }

    public String clusterId() {
        return clusterId;
    }

    /** Grows by one with each change, from 0. */
    public long version() {
        return version;
    }

    /** What may be in the metadata and between brokers, see {@link FeatureLevels}. */
    public int featureLevel() {
        return featureLevel;
    }

    /** The newest feature level that every registered broker speaks. */
    public int newestFeatureLevel() {
        return brokers.values().stream()
                .mapToInt(broker -> broker.levels().max())
                .min()
                .orElse(featureLevel);
    }

    /** The first producer id not yet given to anybody. */
    public long nextProducerId() {
        return nextProducerId;
    }

    /** By broker id. */
    public SortedMap<Integer, BrokerRegistration> brokers() {
        return brokers;
    }

    /** By name; without those that were deleted. */
    public SortedMap<String, Topic> topics() {
        return topics;
    }

    /** Long jobs, the earliest begun first: all that run, and of those that have ended the last few. */
    public List<Operation> operations() {
        return operations;
    }

    public Optional<Operation> operation(UUID id) {
        return operations.stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst();
    }

    /** The registration whose peer this is; empty if the broker is gone or has another directory now. */
    public Optional<BrokerRegistration> brokerOf(PeerId peer) {
        return broker(peer.nodeId()).filter(broker -> broker.peerId().equals(peer));
    }

    /** Those that can still be undeleted, by id. */
    public SortedMap<UUID, DeletedTopic> deletedTopics() {
        return deletedTopics;
    }

    public SpentIds spentIds() {
        return spentIds;
    }

    /** Who votes on the metadata itself, as its leader last told, and who shall. */
    public MetadataVoters metadataVoters() {
        return metadataVoters;
    }

    /** Every topic that has replicas on disks, whether or not it was deleted. */
    public Stream<Topic> keptTopics() {
        return Stream.concat(
                topics.values().stream(), deletedTopics.values().stream().map(DeletedTopic::topic));
    }

    public Optional<BrokerRegistration> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    public Optional<Topic> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    public Optional<Topic> topic(UUID id) {
        return Optional.ofNullable(topicsById.get(id));
    }

    /** A partition of a topic whether or not it was deleted, as long as its replicas belong on disks. */
    public Optional<PartitionAssignment> keptPartition(PartitionId id) {
        return keptTopic(id.topicId()).flatMap(topic -> topic.partition(id.partition()));
    }

    public Optional<PartitionAssignment> partition(PartitionId id) {
        return topic(id.topicId()).flatMap(topic -> topic.partition(id.partition()));
    }

    /** Partitions of all topics, without those that were deleted. */
    public int partitionCount() {
        return topics.values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
    }

    /** Partitions of the topics that can still be undeleted. */
    public int deletedPartitionCount() {
        return deletedTopics.values().stream()
                .mapToInt(deleted -> deleted.topic().partitions().size())
                .sum();
    }

    /**
     * Replicas with their addresses, in the order given.
     *
     * <p>A peer of a directory that its broker no longer has gets the broker's present address: the process there
     * knows no such peer and refuses, and the group goes on with its majority.
     *
     * @return empty while the broker of some replica is not registered
     */
    public Optional<List<Peer>> addressesOf(List<PeerId> replicas) {
        List<Peer> peers = new ArrayList<>(replicas.size());
        for (PeerId replica : replicas) {
            BrokerRegistration broker = brokers.get(replica.nodeId());
            if (broker == null) {
                return Optional.empty();
            }
            peers.add(new Peer(replica, broker.raft().host(), broker.raft().port()));
        }
        return Optional.of(List.copyOf(peers));
    }

    /** A topic whether or not it was deleted, as long as its replicas belong on disks. */
    public Optional<Topic> keptTopic(UUID id) {
        return topic(id).or(() -> Optional.ofNullable(deletedTopics.get(id)).map(DeletedTopic::topic));
    }

    /** Another version of the same cluster put together from its parts; those that are this one's are shared. */
    MetadataImage with(
            long newVersion,
            int newFeatureLevel,
            long newNextProducerId,
            SortedMap<Integer, BrokerRegistration> newBrokers,
            SortedMap<String, Topic> newTopics,
            SortedMap<UUID, DeletedTopic> newDeletedTopics,
            SpentIds newSpentIds,
            List<Operation> newOperations,
            MetadataVoters newMetadataVoters) {
        return new MetadataImage(
                clusterId,
                newVersion,
                newFeatureLevel,
                newNextProducerId,
                Collections.unmodifiableSortedMap(newBrokers),
                Collections.unmodifiableSortedMap(newTopics),
                newTopics == topics ? topicsById : byId(newTopics),
                Collections.unmodifiableSortedMap(newDeletedTopics),
                newSpentIds,
                newOperations,
                newMetadataVoters);
    }

    /** The next version, with this registration in place of any other of its id. */
    public MetadataImage with(BrokerRegistration broker) {
        SortedMap<Integer, BrokerRegistration> changed = new TreeMap<>(brokers);
        changed.put(broker.id(), broker);
        return withBrokers(changed);
    }

    /** The next version, without the broker of this id. */
    public MetadataImage withoutBroker(int id) {
        SortedMap<Integer, BrokerRegistration> changed = new TreeMap<>(brokers);
        changed.remove(id);
        return withBrokers(changed);
    }

    private MetadataImage withBrokers(SortedMap<Integer, BrokerRegistration> changed) {
        return new MetadataImage(
                clusterId,
                version + 1,
                featureLevel,
                nextProducerId,
                Collections.unmodifiableSortedMap(changed),
                topics,
                topicsById,
                deletedTopics,
                spentIds,
                operations,
                metadataVoters);
    }

    /** The next version, with these operations in place of all others. */
    public MetadataImage withOperations(List<Operation> changed) {
        return new MetadataImage(
                clusterId,
                version + 1,
                featureLevel,
                nextProducerId,
                brokers,
                topics,
                topicsById,
                deletedTopics,
                spentIds,
                changed,
                metadataVoters);
    }

    /** The version that follows another, with a request that has had its effect and must not have it again. */
    public MetadataImage withSpent(UUID request, MetadataImage before) {
        return new MetadataImage(
                clusterId,
                before.version + 1,
                featureLevel,
                nextProducerId,
                brokers,
                topics,
                topicsById,
                deletedTopics,
                spentIds.and(List.of(request)),
                operations,
                metadataVoters);
    }

    /** The same with the number of an earlier version that a command began with: a command is one version. */
    public MetadataImage asVersionAfter(MetadataImage before) {
        return new MetadataImage(
                clusterId,
                before.version + 1,
                featureLevel,
                nextProducerId,
                brokers,
                topics,
                topicsById,
                deletedTopics,
                spentIds,
                operations,
                metadataVoters);
    }

    /** The next version, with these topics in place of any others of their names. */
    public MetadataImage with(Collection<Topic> added) {
        SortedMap<String, Topic> changed = new TreeMap<>(topics);
        added.forEach(topic -> changed.put(topic.name(), topic));
        return withTopics(changed, deletedTopics, spentIds);
    }

    /** The next version, without this topic, which was not deleted before. */
    public MetadataImage withPurged(Topic topic) {
        SortedMap<String, Topic> changed = new TreeMap<>(topics);
        changed.remove(topic.name());
        return withTopics(changed, deletedTopics, spentIds.and(List.of(topic.id())));
    }

    /** The next version, in which this topic is one that was deleted. */
    public MetadataImage withDeleted(DeletedTopic deleted) {
        SortedMap<String, Topic> changed = new TreeMap<>(topics);
        changed.remove(deleted.topic().name());
        SortedMap<UUID, DeletedTopic> grown = new TreeMap<>(deletedTopics);
        grown.put(deleted.topic().id(), deleted);
        return withTopics(changed, grown, spentIds);
    }

    /** The next version, in which this deleted topic is back. */
    public MetadataImage withUndeleted(DeletedTopic deleted) {
        SortedMap<String, Topic> changed = new TreeMap<>(topics);
        changed.put(deleted.topic().name(), deleted.topic());
        SortedMap<UUID, DeletedTopic> shrunk = new TreeMap<>(deletedTopics);
        shrunk.remove(deleted.topic().id());
        return withTopics(changed, shrunk, spentIds);
    }

    /** The next version, without this deleted topic. */
    public MetadataImage withPurged(DeletedTopic deleted) {
        SortedMap<UUID, DeletedTopic> shrunk = new TreeMap<>(deletedTopics);
        shrunk.remove(deleted.topic().id());
        return withTopics(topics, shrunk, spentIds.and(List.of(deleted.topic().id())));
    }

    private MetadataImage withTopics(
            SortedMap<String, Topic> changed, SortedMap<UUID, DeletedTopic> deleted, SpentIds purged) {
        return new MetadataImage(
                clusterId,
                version + 1,
                featureLevel,
                nextProducerId,
                brokers,
                Collections.unmodifiableSortedMap(changed),
                byId(changed),
                Collections.unmodifiableSortedMap(deleted),
                purged,
                operations,
                metadataVoters);
    }

    /** The next version, at this feature level. */
    public MetadataImage withFeatureLevel(int level) {
        return new MetadataImage(
                clusterId,
                version + 1,
                level,
                nextProducerId,
                brokers,
                topics,
                topicsById,
                deletedTopics,
                spentIds,
                operations,
                metadataVoters);
    }

    /** The next version, with producer ids given out up to this one exclusive. */
    public MetadataImage withNextProducerId(long next) {
        return new MetadataImage(
                clusterId,
                version + 1,
                featureLevel,
                next,
                brokers,
                topics,
                topicsById,
                deletedTopics,
                spentIds,
                operations,
                metadataVoters);
    }

    /** The next version, with these voters of the metadata. */
    public MetadataImage with(MetadataVoters changed) {
        return new MetadataImage(
                clusterId,
                version + 1,
                featureLevel,
                nextProducerId,
                brokers,
                topics,
                topicsById,
                deletedTopics,
                spentIds,
                operations,
                changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetadataImage that
                && clusterId.equals(that.clusterId)
                && version == that.version
                && featureLevel == that.featureLevel
                && nextProducerId == that.nextProducerId
                && brokers.equals(that.brokers)
                && topics.equals(that.topics)
                && deletedTopics.equals(that.deletedTopics)
                && spentIds.equals(that.spentIds)
                && operations.equals(that.operations)
                && metadataVoters.equals(that.metadataVoters);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(version) * 31 + clusterId.hashCode();
    }

    /** Counts only: an image can be large. */
    @Override
    public String toString() {
        return "metadata of " + clusterId + " version=" + version + " brokers=" + brokers.size() + " topics="
                + topics.size();
    }
}
