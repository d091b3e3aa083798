package io.flotilla.client.transport;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.NotLeader;
import java.util.Optional;

/**
 * What a broker that does not lead a partition knows about who does.
 *
 * @param leaderEpoch highest leader epoch that broker knows of
 * @param leader      empty while nobody leads or nobody is known to
 */
public record LeaderHint(TopicPartition partition, int leaderEpoch, Optional<BrokerAddress> leader) {
    static LeaderHint of(NotLeader detail) {
        return new LeaderHint(
                new TopicPartition(
                        detail.getPartition().getTopic(), detail.getPartition().getPartition()),
                detail.getLeaderEpoch(),
                detail.hasLeader() ? address(detail.getLeader()) : Optional.empty());
    }

    /** The address of an endpoint; empty where it was left unset. */
    public static Optional<BrokerAddress> address(BrokerEndpoint endpoint) {
        return endpoint.getHost().isBlank() || endpoint.getPort() < 1
                ? Optional.empty()
                : Optional.of(new BrokerAddress(endpoint.getHost(), endpoint.getPort()));
    }
}
