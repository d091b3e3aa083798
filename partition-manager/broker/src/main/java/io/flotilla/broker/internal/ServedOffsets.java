package io.flotilla.broker.internal;

import io.flotilla.broker.internal.v1.ReadHighWatermarksRequest;
import io.flotilla.broker.internal.v1.ReadHighWatermarksResponse;
import io.flotilla.broker.internal.v1.TopicPartitions;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;

/**
 * Tells where partitions end, as far as this broker's replicas know.
 *
 * <p>Threading: safe for all threads.
 */
public final class ServedOffsets {
    private static final long UNKNOWN = -1;

    private final String clusterId;
    private final Function<PartitionId, OptionalLong> highWatermarks;

    /** @param highWatermarks of this broker's replicas; empty where it has none */
    public ServedOffsets(String clusterId, Function<PartitionId, OptionalLong> highWatermarks) {
        this.clusterId = clusterId;
        this.highWatermarks = highWatermarks;
    }

    ReadHighWatermarksResponse answer(ReadHighWatermarksRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        ReadHighWatermarksResponse.Builder response = ReadHighWatermarksResponse.newBuilder();
        partitionsOf(request)
                .forEach(partition -> response.addHighWatermarks(
                        highWatermarks.apply(partition).orElse(UNKNOWN)));
        return response.build();
    }

    static ReadHighWatermarksRequest request(String clusterId, Collection<PartitionId> partitions) {
        Map<UUID, TopicPartitions.Builder> topics = new HashMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(
                        partition.topicId(), id -> TopicPartitions.newBuilder().setTopicId(id.toString()))
                .addPartitions(partition.partition()));
        ReadHighWatermarksRequest.Builder request =
                ReadHighWatermarksRequest.newBuilder().setClusterId(clusterId);
        topics.values().forEach(request::addTopics);
        return request.build();
    }

    /** What an answer to a request tells, without partitions that the called broker does not have. */
    static Map<PartitionId, Long> known(ReadHighWatermarksRequest request, ReadHighWatermarksResponse response) {
        List<PartitionId> asked = partitionsOf(request);
        Map<PartitionId, Long> known = new HashMap<>();
        for (int i = 0; i < Math.min(asked.size(), response.getHighWatermarksCount()); i++) {
            if (response.getHighWatermarks(i) != UNKNOWN) {
                known.put(asked.get(i), response.getHighWatermarks(i));
            }
        }
        return known;
    }

    private static List<PartitionId> partitionsOf(ReadHighWatermarksRequest request) {
        List<PartitionId> partitions = new ArrayList<>();
        for (TopicPartitions topic : request.getTopicsList()) {
            UUID id = idOf(topic.getTopicId());
            topic.getPartitionsList().forEach(number -> partitions.add(new PartitionId(id, number)));
        }
        return partitions;
    }

    private static UUID idOf(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw new Refused(ErrorCode.INVALID_REQUEST, "'" + text + "' is no topic's id");
        }
    }
}
