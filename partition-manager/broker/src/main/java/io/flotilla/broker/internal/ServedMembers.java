package io.flotilla.broker.internal;

import io.flotilla.broker.internal.v1.DescribeMemberRequest;
import io.flotilla.broker.internal.v1.DescribeMemberResponse;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.ReplicaStatistics;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.LogPosition;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells how far this broker's replicas have come, also those whose group has no leader.
 *
 * <p>Threading: safe for all threads.
 */
public final class ServedMembers {
    private final String clusterId;
    private final Function<GroupId, Optional<ReplicaStatistics>> replicas;

    /** @param replicas this broker's, by their Raft groups */
    public ServedMembers(String clusterId, Function<GroupId, Optional<ReplicaStatistics>> replicas) {
        this.clusterId = clusterId;
        this.replicas = replicas;
    }

    DescribeMemberResponse describe(DescribeMemberRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        GroupId group = InternalRequests.groupOf(request.getGroupId());
        ReplicaStatistics replica = replicas.apply(group)
                .orElseThrow(() ->
                        new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has no replica of group " + group));
        Optional<GroupProgress> progress = replica.progress();
        return DescribeMemberResponse.newBuilder()
                .setLogStartOffset(replica.logStartOffset())
                .setHighWatermark(replica.highWatermark())
                .setLastIndex(progress.map(GroupProgress::lastIndex).orElse(LogPosition.NONE.index()))
                .setLastTerm(progress.map(GroupProgress::lastTerm).orElse(0L))
                .setFailure(
                        replica.failure().map(Throwable::toString).orElse(progress.isEmpty() ? "it is not open" : ""))
                .build();
    }
}
