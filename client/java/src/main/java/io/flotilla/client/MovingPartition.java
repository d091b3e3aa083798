package io.flotilla.client;

import java.util.List;

/**
 * A partition that an operation has yet to deal with.
 *
 * @param replicaBrokerIds where its replicas are, the preferred leader first
 * @param targetBrokerIds  where they shall be, the preferred leader first; empty if it waits for its turn
 * @param voterBrokerIds   whose replicas vote at present, as the partition's leader reported last
 */
public record MovingPartition(
        TopicPartition partition,
        List<Integer> replicaBrokerIds,
        List<Integer> targetBrokerIds,
        List<Integer> voterBrokerIds) {
    public MovingPartition {
        replicaBrokerIds = List.copyOf(replicaBrokerIds);
        targetBrokerIds = List.copyOf(targetBrokerIds);
        voterBrokerIds = List.copyOf(voterBrokerIds);
    }
}
