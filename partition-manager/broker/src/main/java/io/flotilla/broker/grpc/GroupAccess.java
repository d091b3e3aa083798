package io.flotilla.broker.grpc;

import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.group.GroupLag;
import io.flotilla.broker.group.PartitionLag;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.protocol.error.NotLeader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The coordinator of consumer groups, if it is this broker. */
final class GroupAccess {
    private final BrokerMetadata metadata;
    private final Optional<GroupCoordinator> coordinator;
    private final Optional<GroupLag> lag;

    /**
     * @param coordinator empty if this broker never coordinates
     * @param lag         of the groups it coordinates; empty if it never does
     */
    GroupAccess(BrokerMetadata metadata, Optional<GroupCoordinator> coordinator, Optional<GroupLag> lag) {
        this.metadata = metadata;
        this.coordinator = coordinator;
        this.lag = lag;
    }

    /**
     * @throws NotLeader with the coordinator, if it is known
     * @throws io.flotilla.protocol.error.Refused LEADER_NOT_READY
     */
    GroupCoordinator coordinator() {
        GroupCoordinator own = coordinator.orElseThrow(() -> new NotLeader(
                "this broker does not coordinate consumer groups: ask the leader of the metadata",
                0,
                metadata.quorum().leader()));
        own.lead();
        return own;
    }

    /** How far a group is behind; nothing if this broker never coordinates. */
    CompletableFuture<List<PartitionLag>> lag(GroupEntry group) {
        return lag.map(known -> known.of(group)).orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }
}
