package io.flotilla.broker.grpc;

import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.protocol.error.NotLeader;
import java.util.Optional;

/** The coordinator of consumer groups, if it is this broker. */
final class GroupAccess {
    private final BrokerMetadata metadata;
    private final Optional<GroupCoordinator> coordinator;

    /**
     * @param coordinator empty if this broker never coordinates
     */
    GroupAccess(BrokerMetadata metadata, Optional<GroupCoordinator> coordinator) {
        this.metadata = metadata;
        this.coordinator = coordinator;
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
}
