package io.flotilla.client.transport;

import io.flotilla.client.TopicPartition;

/** Partitions on the wire and in the API. */
public final class WirePartition {
    private WirePartition() {}

    public static io.flotilla.protocol.v1.TopicPartition toProto(TopicPartition partition) {
        return io.flotilla.protocol.v1.TopicPartition.newBuilder()
                .setTopic(partition.topic())
                .setPartition(partition.partition())
                .build();
    }

    public static TopicPartition fromProto(io.flotilla.protocol.v1.TopicPartition partition) {
        return new TopicPartition(partition.getTopic(), partition.getPartition());
    }
}
