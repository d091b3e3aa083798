package io.flotilla.broker.metadata;

import io.flotilla.manager.ClusterMetadata;

/** The cluster's metadata, with what the broker itself must know of those who hold it. */
public interface BrokerMetadata extends ClusterMetadata, AutoCloseable {
    /** As far as is known here, without waiting. */
    Quorum quorum();

    @Override
    void close();
}
