package io.flotilla.broker.internal;

import io.flotilla.broker.group.PartitionEnds;
import io.flotilla.broker.group.RecordPosition;
import io.flotilla.broker.internal.v1.ReadHighWatermarksRequest;
import io.flotilla.broker.internal.v1.ReadHighWatermarksResponse;
import io.flotilla.broker.internal.v1.TopicPartitions;
import io.flotilla.broker.internal.v1.TopicPositions;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Tells where partitions end and when records were made, as far as this broker's replicas know.
 *
 * <p>Threading: safe for all threads.
 */
public final class ServedOffsets {
    /** Reads of records end then, so that the answer comes before its caller gives up; a disk may be slow. */
    private static final Duration READ_TIME_MAX = Duration.ofSeconds(1);

    private static final long UNKNOWN = -1;
    private static final long NO_RECORD = -2;

    private final String clusterId;
    private final Function<PartitionId, Optional<Partition>> replicas;
    private final LongSupplier nanoTime;

    /**
     * @param replicas of this broker; empty where it has none
     * @param nanoTime as {@link System#nanoTime()}
     */
    public ServedOffsets(String clusterId, Function<PartitionId, Optional<Partition>> replicas, LongSupplier nanoTime) {
        this.clusterId = clusterId;
        this.replicas = replicas;
        this.nanoTime = nanoTime;
    }

    ReadHighWatermarksResponse answer(ReadHighWatermarksRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        ReadHighWatermarksResponse.Builder response = ReadHighWatermarksResponse.newBuilder();
        partitionsOf(request)
                .forEach(partition -> response.addHighWatermarks(
                        replicas.apply(partition).map(Partition::highWatermark).orElse(UNKNOWN)));
        long begun = nanoTime.getAsLong();
        for (RecordPosition position :
                positionsOf(request)) { // behind the high watermarks, which are below what it sees
            if (nanoTime.getAsLong() - begun > READ_TIME_MAX.toNanos()) {
                break;
            }
            response.addTimestamps(timestamp(position));
        }
        return response.build();
    }

    private long timestamp(RecordPosition position) {
        Optional<Partition> replica = replicas.apply(position.partition());
        if (replica.isEmpty()) {
            return UNKNOWN;
        }
        try {
            OptionalLong timestamp = replica.get().batchTimestamp(position.offset());
            return timestamp.isPresent() ? Math.max(UNKNOWN, timestamp.getAsLong()) : NO_RECORD;
        } catch (LogException failed) { // of this replica alone, which has told why
            return UNKNOWN;
        }
    }

    static ReadHighWatermarksRequest request(
            String clusterId, Collection<PartitionId> partitions, Collection<RecordPosition> positions) {
        Map<UUID, TopicPartitions.Builder> topics = new HashMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(
                        partition.topicId(), id -> TopicPartitions.newBuilder().setTopicId(id.toString()))
                .addPartitions(partition.partition()));
        ReadHighWatermarksRequest.Builder request =
                ReadHighWatermarksRequest.newBuilder().setClusterId(clusterId);
        topics.values().forEach(request::addTopics);
        Map<UUID, TopicPositions.Builder> records = new HashMap<>();
        positions.forEach(
                position -> records.computeIfAbsent(position.partition().topicId(), id -> TopicPositions.newBuilder()
                                .setTopicId(id.toString()))
                        .addPartitions(position.partition().partition())
                        .addOffsets(position.offset()));
        records.values().forEach(request::addPositions);
        return request.build();
    }

    /** What an answer to a request tells, without partitions that the called broker does not have. */
    static PartitionEnds known(ReadHighWatermarksRequest request, ReadHighWatermarksResponse response) {
        List<PartitionId> asked = partitionsOf(request);
        Map<PartitionId, Long> known = new HashMap<>();
        for (int i = 0; i < Math.min(asked.size(), response.getHighWatermarksCount()); i++) {
            if (response.getHighWatermarks(i) != UNKNOWN) {
                known.put(asked.get(i), response.getHighWatermarks(i));
            }
        }
        List<RecordPosition> positions = positionsOf(request);
        Map<RecordPosition, OptionalLong> timestamps = new HashMap<>();
        for (int i = 0; i < Math.min(positions.size(), response.getTimestampsCount()); i++) {
            long timestamp = response.getTimestamps(i);
            if (timestamp != UNKNOWN) {
                timestamps.put(
                        positions.get(i), timestamp == NO_RECORD ? OptionalLong.empty() : OptionalLong.of(timestamp));
            }
        }
        return new PartitionEnds(known, timestamps);
    }

    private static List<PartitionId> partitionsOf(ReadHighWatermarksRequest request) {
        List<PartitionId> partitions = new ArrayList<>();
        for (TopicPartitions topic : request.getTopicsList()) {
            UUID id = idOf(topic.getTopicId());
            topic.getPartitionsList().forEach(number -> partitions.add(new PartitionId(id, number)));
        }
        return partitions;
    }

    private static List<RecordPosition> positionsOf(ReadHighWatermarksRequest request) {
        List<RecordPosition> positions = new ArrayList<>();
        for (TopicPositions topic : request.getPositionsList()) {
            UUID id = idOf(topic.getTopicId());
            if (topic.getPartitionsCount() != topic.getOffsetsCount()) {
                throw new Refused(
                        ErrorCode.INVALID_REQUEST,
                        topic.getPartitionsCount() + " partitions and " + topic.getOffsetsCount()
                                + " offsets are no positions: name an offset for each partition");
            }
            for (int i = 0; i < topic.getPartitionsCount(); i++) {
                positions.add(new RecordPosition(new PartitionId(id, topic.getPartitions(i)), topic.getOffsets(i)));
            }
        }
        return positions;
    }

    private static UUID idOf(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw new Refused(ErrorCode.INVALID_REQUEST, "'" + text + "' is no topic's id");
        }
    }
}
