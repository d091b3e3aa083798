package io.flotilla.metadata.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.BrokerStatus;
import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.FeatureLevels;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataVoters;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.SpentIds;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.v1.Broker;
import io.flotilla.metadata.v1.DeletedTopicState;
import io.flotilla.metadata.v1.HostPort;
import io.flotilla.metadata.v1.Image;
import io.flotilla.metadata.v1.PartitionState;
import io.flotilla.metadata.v1.TopicState;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * An image as {@code flotilla.metadata.v1.Image}: within a snapshot, and on its way to brokers that are no voters. An
 * image has one encoding, so equal images of two replicas are equal bytes.
 */
public final class ImageFormat {
    private static final int UUID_BYTES = 16;

    private ImageFormat() {}

    public static byte[] encode(MetadataImage image) {
        return bytesOf(messageOf(image));
    }

    /** CRC-32C of the encoding: what two brokers compare to know that they have the same image. */
    public static int fingerprint(MetadataImage image) {
        CRC32C crc = new CRC32C();
        crc.update(encode(image));
        return (int) crc.getValue();
    }

    /**
     * @throws IOException if the bytes are not those of an image
     */
    public static MetadataImage decode(byte[] bytes) throws IOException {
        try {
            return imageOf(Image.parseFrom(bytes));
        } catch (InvalidProtocolBufferException malformed) {
            throw new IOException("metadata image is malformed", malformed);
        }
    }

    /** Protobuf leaves the order of map entries open unless asked. */
    static byte[] bytesOf(MessageLite message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            message.writeTo(output);
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array of the message's own size is too small", impossible);
        }
        return bytes;
    }

    static Image messageOf(MetadataImage image) {
        Image.Builder message = Image.newBuilder()
                .setClusterId(image.clusterId())
                .setVersion(image.version())
                .setFeatureLevel(messageOf(image.featureLevel()))
                .setNextProducerId(image.nextProducerId());
        image.brokers().values().forEach(broker -> message.addBrokers(messageOf(broker)));
        PeerTable.Writing peers = new PeerTable.Writing();
        image.topics().values().forEach(topic -> message.addTopics(messageOf(topic, peers)));
        image.operations().forEach(operation -> message.addOperations(OperationFormat.messageOf(operation)));
        image.deletedTopics().values().forEach(deleted -> message.addDeletedTopics(messageOf(deleted, peers)));
        image.spentIds().ids().forEach(id -> message.addPurgedTopicIds(bytesOf(id)));
        if (!image.metadataVoters().equals(MetadataVoters.UNKNOWN)) {
            message.setMetadataVoters(VotersFormat.messageOf(image.metadataVoters()));
        }
        return message.addAllPeers(peers.table()).build();
    }

    static MetadataImage imageOf(Image message) throws IOException {
        try {
            PeerTable peers = PeerTable.of(message.getPeersList());
            return MetadataImage.of(
                    message.getClusterId(),
                    message.getVersion(),
                    featureLevelOf(message.getFeatureLevel()),
                    message.getNextProducerId(),
                    message.getBrokersList().stream().map(ImageFormat::brokerOf).toList(),
                    message.getTopicsList().stream()
                            .map(topic -> topicOf(topic, peers))
                            .toList(),
                    message.getDeletedTopicsList().stream()
                            .map(deleted -> deletedTopicOf(deleted, peers))
                            .toList(),
                    new SpentIds(message.getPurgedTopicIdsList().stream()
                            .map(ImageFormat::uuidOf)
                            .toList()),
                    message.getOperationsList().stream()
                            .map(OperationFormat::operationOf)
                            .toList(),
                    VotersFormat.votersOf(message.getMetadataVoters()));
        } catch (IllegalArgumentException invalid) {
            throw new IOException("metadata image holds an impossible value: " + invalid.getMessage(), invalid);
        }
    }

    /** The first level is left out, as it was before there were others. */
    static int messageOf(int featureLevel) {
        return featureLevel == FeatureLevels.FIRST ? 0 : featureLevel;
    }

    static int featureLevelOf(int message) {
        return message == 0 ? FeatureLevels.FIRST : message;
    }

    static FeatureLevels featureLevelsOf(int min, int max) {
        return new FeatureLevels(featureLevelOf(min), featureLevelOf(max));
    }

    static Broker messageOf(BrokerRegistration broker) {
        return Broker.newBuilder()
                .setId(broker.id())
                .setDirectoryId(broker.directoryId())
                .setGrpc(messageOf(broker.grpc()))
                .setRaft(messageOf(broker.raft()))
                .setRack(broker.rack())
                .setRegisteredAtMillis(broker.registeredAtMillis())
                .setReplicasMax(broker.replicasMax())
                .setFeatureLevelMin(messageOf(broker.levels().min()))
                .setFeatureLevelMax(messageOf(broker.levels().max()))
                .setDraining(broker.status().draining())
                .setLeaving(broker.status().leaving())
                .setFencedAtMillis(broker.status().fencedAtMillis())
                .build();
    }

    static BrokerRegistration brokerOf(Broker message) {
        return new BrokerRegistration(
                message.getId(),
                message.getDirectoryId(),
                endpointOf(message.getGrpc()),
                endpointOf(message.getRaft()),
                message.getRack(),
                message.getRegisteredAtMillis(),
                message.getReplicasMax(),
                featureLevelsOf(message.getFeatureLevelMin(), message.getFeatureLevelMax()),
                new BrokerStatus(message.getDraining(), message.getLeaving(), message.getFencedAtMillis()));
    }

    static TopicState messageOf(Topic topic, PeerTable.Writing peers) {
        TopicState.Builder message = TopicState.newBuilder()
                .setId(bytesOf(topic.id()))
                .setName(topic.name())
                .setReplicationFactor(topic.replicationFactor())
                .putAllConfig(topic.config());
        topic.partitions().forEach(partition -> message.addPartitions(messageOf(partition, peers)));
        return message.build();
    }

    static PartitionState messageOf(PartitionAssignment partition, PeerTable.Writing peers) {
        PartitionState.Builder state = PartitionState.newBuilder().setLeaderEpoch(partition.leaderEpoch());
        partition.replicas().forEach(replica -> state.addReplicas(peers.indexOf(replica)));
        partition.target().forEach(peer -> state.addTarget(peers.indexOf(peer)));
        if (!partition.voters().equals(partition.replicas())) {
            partition.voters().forEach(peer -> state.addVoters(peers.indexOf(peer)));
        }
        state.setMoved(partition.moved());
        partition.leader().ifPresent(state::setLeaderBrokerId);
        state.setIncarnation(partition.incarnation());
        partition.survivor().ifPresent(survivor -> state.setSurvivor(peers.indexOf(survivor)));
        return state.build();
    }

    static Topic topicOf(TopicState message, PeerTable peers) {
        List<PartitionAssignment> partitions = new ArrayList<>(message.getPartitionsCount());
        for (PartitionState state : message.getPartitionsList()) {
            partitions.add(partitionOf(partitions.size(), state, peers));
        }
        return new Topic(
                uuidOf(message.getId()),
                message.getName(),
                message.getReplicationFactor(),
                message.getConfigMap(),
                partitions);
    }

    static PartitionAssignment partitionOf(int partition, PartitionState state, PeerTable peers) {
        List<PeerId> replicas = peers.allAt(state.getReplicasList());
        return new PartitionAssignment(
                partition,
                replicas,
                peers.allAt(state.getTargetList()),
                state.getVotersCount() == 0 ? replicas : peers.allAt(state.getVotersList()),
                state.getMoved(),
                state.getLeaderEpoch(),
                state.hasLeaderBrokerId() ? Optional.of(state.getLeaderBrokerId()) : Optional.empty(),
                state.getIncarnation(),
                state.hasSurvivor() ? Optional.of(peers.at(state.getSurvivor())) : Optional.empty());
    }

    private static DeletedTopicState messageOf(DeletedTopic deleted, PeerTable.Writing peers) {
        return DeletedTopicState.newBuilder()
                .setTopic(messageOf(deleted.topic(), peers))
                .setDeletedAtMillis(deleted.deletedAtMillis())
                .setPurgeAtMillis(deleted.purgeAtMillis())
                .build();
    }

    private static DeletedTopic deletedTopicOf(DeletedTopicState message, PeerTable peers) {
        return new DeletedTopic(
                topicOf(message.getTopic(), peers), message.getDeletedAtMillis(), message.getPurgeAtMillis());
    }

    static HostPort messageOf(Endpoint endpoint) {
        return HostPort.newBuilder()
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .build();
    }

    static Endpoint endpointOf(HostPort message) {
        return new Endpoint(message.getHost(), message.getPort());
    }

    static ByteString bytesOf(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }

    static UUID uuidOf(ByteString bytes) {
        if (bytes.size() != UUID_BYTES) {
            throw new IllegalArgumentException("an id has " + bytes.size() + " bytes instead of " + UUID_BYTES);
        }
        ByteBuffer id = bytes.asReadOnlyByteBuffer();
        return new UUID(id.getLong(), id.getLong());
    }
}
