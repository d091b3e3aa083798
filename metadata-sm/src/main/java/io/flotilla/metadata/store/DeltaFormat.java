package io.flotilla.metadata.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.metadata.ImageDelta;
import io.flotilla.metadata.ImageDelta.DeletedTopicChange;
import io.flotilla.metadata.OperationsChange;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.TopicChange;
import io.flotilla.metadata.v1.DeletedTopicChangeState;
import io.flotilla.metadata.v1.Delta;
import io.flotilla.metadata.v1.OperationsChangeState;
import io.flotilla.metadata.v1.TopicChangeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A delta as {@code flotilla.metadata.v1.Delta}, on its way to brokers that are no voters; its parts as in an image. */
public final class DeltaFormat {
    private DeltaFormat() {}

    public static byte[] encode(ImageDelta delta) {
        Delta.Builder message = Delta.newBuilder()
                .setClusterId(delta.clusterId())
                .setFromVersion(delta.fromVersion())
                .setToVersion(delta.toVersion())
                .setFeatureLevel(ImageFormat.messageOf(delta.featureLevel()))
                .setNextProducerId(delta.nextProducerId())
                .addAllBrokersRemoved(delta.brokersRemoved())
                .addAllTopicsRemoved(delta.topicsRemoved());
        delta.brokersSet().forEach(broker -> message.addBrokersSet(ImageFormat.messageOf(broker)));
        PeerTable.Writing peers = new PeerTable.Writing();
        delta.topicsSet().forEach(topic -> message.addTopicsSet(messageOf(topic, peers)));
        delta.deletedSet().forEach(deleted -> message.addDeletedTopicsSet(messageOf(deleted, peers)));
        delta.deletedRemoved().forEach(id -> message.addDeletedTopicsRemoved(ImageFormat.bytesOf(id)));
        delta.purged().forEach(id -> message.addTopicsPurged(ImageFormat.bytesOf(id)));
        delta.operations().ifPresent(operations -> message.setOperations(messageOf(operations)));
        delta.metadataVoters().ifPresent(voters -> message.setMetadataVoters(VotersFormat.messageOf(voters)));
        return ImageFormat.bytesOf(message.addAllPeers(peers.table()).build());
    }

    /**
     * @throws IOException if the bytes are not those of a delta
     */
    public static ImageDelta decode(byte[] bytes) throws IOException {
        try {
            return deltaOf(Delta.parseFrom(bytes));
        } catch (InvalidProtocolBufferException malformed) {
            throw new IOException("metadata delta is malformed", malformed);
        } catch (IllegalArgumentException invalid) {
            throw new IOException("metadata delta holds an impossible value: " + invalid.getMessage(), invalid);
        }
    }

    private static ImageDelta deltaOf(Delta message) {
        PeerTable peers = PeerTable.of(message.getPeersList());
        return new ImageDelta(
                message.getClusterId(),
                message.getFromVersion(),
                message.getToVersion(),
                ImageFormat.featureLevelOf(message.getFeatureLevel()),
                message.getNextProducerId(),
                message.getBrokersSetList().stream().map(ImageFormat::brokerOf).toList(),
                message.getBrokersRemovedList(),
                message.getTopicsSetList().stream()
                        .map(topic -> topicOf(topic, peers))
                        .toList(),
                message.getTopicsRemovedList(),
                message.getDeletedTopicsSetList().stream()
                        .map(deleted -> new DeletedTopicChange(
                                topicOf(deleted.getTopic(), peers),
                                deleted.getDeletedAtMillis(),
                                deleted.getPurgeAtMillis()))
                        .toList(),
                message.getDeletedTopicsRemovedList().stream()
                        .map(ImageFormat::uuidOf)
                        .toList(),
                message.getTopicsPurgedList().stream().map(ImageFormat::uuidOf).toList(),
                message.hasOperations() ? Optional.of(operationsOf(message.getOperations())) : Optional.empty(),
                message.hasMetadataVoters()
                        ? Optional.of(VotersFormat.votersOf(message.getMetadataVoters()))
                        : Optional.empty());
    }

    private static TopicChangeState messageOf(TopicChange change, PeerTable.Writing peers) {
        TopicChangeState.Builder message = TopicChangeState.newBuilder()
                .setHeader(ImageFormat.messageOf(change.header(), peers))
                .setPartitionCount(change.partitionCount());
        for (PartitionAssignment partition : change.partitions()) {
            message.addPartitionNumbers(partition.partition());
            message.addPartitions(ImageFormat.messageOf(partition, peers));
        }
        return message.build();
    }

    private static TopicChange topicOf(TopicChangeState message, PeerTable peers) {
        if (message.getPartitionNumbersCount() != message.getPartitionsCount()) {
            throw new IllegalArgumentException("topic " + message.getHeader().getName() + " has "
                    + message.getPartitionsCount() + " partitions with " + message.getPartitionNumbersCount()
                    + " numbers");
        }
        List<PartitionAssignment> partitions = new ArrayList<>(message.getPartitionsCount());
        for (int index = 0; index < message.getPartitionsCount(); index++) {
            partitions.add(
                    ImageFormat.partitionOf(message.getPartitionNumbers(index), message.getPartitions(index), peers));
        }
        return new TopicChange(
                ImageFormat.topicOf(message.getHeader(), peers), message.getPartitionCount(), partitions);
    }

    private static DeletedTopicChangeState messageOf(DeletedTopicChange change, PeerTable.Writing peers) {
        return DeletedTopicChangeState.newBuilder()
                .setTopic(messageOf(change.topic(), peers))
                .setDeletedAtMillis(change.deletedAtMillis())
                .setPurgeAtMillis(change.purgeAtMillis())
                .build();
    }

    private static OperationsChangeState messageOf(OperationsChange change) {
        OperationsChangeState.Builder message = OperationsChangeState.newBuilder();
        change.ids().forEach(id -> message.addIds(ImageFormat.bytesOf(id)));
        change.set().forEach(operation -> message.addSet(OperationFormat.messageOf(operation)));
        return message.build();
    }

    private static OperationsChange operationsOf(OperationsChangeState message) {
        return new OperationsChange(
                message.getIdsList().stream().map(ImageFormat::uuidOf).toList(),
                message.getSetList().stream().map(OperationFormat::operationOf).toList());
    }
}
