package io.flotilla.client.group;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.v1.FetchOffsetsRequest;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the coordinator what a group has committed.
 *
 * <p>Threading: safe; futures complete on the client's loop.
 */
final class CommittedOffsets {
    private final String group;
    private final CoordinatorCalls calls;
    private final Duration timeout;

    CommittedOffsets(String group, CoordinatorCalls calls, Duration timeout) {
        this.group = group;
        this.calls = calls;
        this.timeout = timeout;
    }

    /** Partitions without a committed offset are left out. */
    CompletableFuture<Map<TopicPartition, CommittedOffset>> of(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) { // which would mean all
            return CompletableFuture.completedFuture(Map.of());
        }
        FetchOffsetsRequest.Builder request = FetchOffsetsRequest.newBuilder().setGroup(group);
        partitions.forEach(partition -> request.addPartitions(WirePartition.toProto(partition)));
        return ask(request.build());
    }

    /** All that the group has. */
    CompletableFuture<Map<TopicPartition, CommittedOffset>> all() {
        return ask(FetchOffsetsRequest.newBuilder().setGroup(group).build());
    }

    private CompletableFuture<Map<TopicPartition, CommittedOffset>> ask(FetchOffsetsRequest request) {
        return calls.ask(GroupServiceGrpc.getFetchOffsetsMethod(), request, timeout)
                .thenApply(answer -> {
                    Map<TopicPartition, CommittedOffset> offsets = new TreeMap<>();
                    answer.getOffsetsList()
                            .forEach(one ->
                                    offsets.put(WirePartition.fromProto(one.getPartition()), CommittedOffsets.of(one)));
                    return offsets;
                });
    }

    private static CommittedOffset of(io.flotilla.protocol.v1.CommittedOffset one) {
        return new CommittedOffset(
                one.getOffset(),
                one.hasLeaderEpoch() ? OptionalInt.of(one.getLeaderEpoch()) : OptionalInt.empty(),
                one.getMetadata());
    }
}
