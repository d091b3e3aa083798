package io.flotilla.client;

import java.util.List;
import java.util.OptionalInt;

/**
 * The cluster, as far as the answering broker knows.
 *
 * @param metadataLeaderBrokerId empty while the metadata group has no leader
 * @param metadataVersion        grows with every change of the cluster's metadata
 * @param featureLevel           what may be in the metadata and between brokers, 1 or more
 * @param brokers                by id
 */
public record ClusterDescription(
        String clusterId,
        OptionalInt metadataLeaderBrokerId,
        List<Integer> metadataVoterBrokerIds,
        long metadataVersion,
        int featureLevel,
        List<BrokerDescription> brokers) {
    public ClusterDescription {
        metadataVoterBrokerIds = List.copyOf(metadataVoterBrokerIds);
        brokers = List.copyOf(brokers);
    }
}
