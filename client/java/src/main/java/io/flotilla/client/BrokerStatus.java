package io.flotilla.client;

import java.util.List;

/** A broker as it sees itself. */
public record BrokerStatus(int brokerId, String clusterId, String version, List<ReplicaDescription> replicas) {
    public BrokerStatus {
        replicas = List.copyOf(replicas);
    }
}
