package io.flotilla.client;

import java.time.Instant;

/**
 * A registered broker.
 *
 * @param directoryId  identifies its data folder: a wiped one has another
 * @param leaderCount  partitions it leads, as far as the answering broker knows
 * @param replicaCount replicas placed on it
 * @param availability whether it takes leaderships and replicas
 */
public record BrokerDescription(
        int brokerId,
        BrokerAddress address,
        String rack,
        String directoryId,
        Instant registeredAt,
        int leaderCount,
        int replicaCount,
        BrokerAvailability availability) {}
