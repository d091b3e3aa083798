package io.flotilla.client.metadata;

import io.flotilla.client.BrokerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about a topic. Immutable.
 *
 * @param topicId    differs between two topics of one name that live one after the other
 * @param config     topic settings by name
 * @param partitions by number, from 0
 */
public record TopicView(String name, String topicId, Map<String, String> config, List<PartitionLeader> partitions) {
    /**
     * Who leads one partition.
     *
     * @param leader empty while nobody leads, or after the one that was known proved wrong
     */
    public record PartitionLeader(int leaderEpoch, Optional<BrokerAddress> leader) {
        /** The better of two pieces of knowledge: a later epoch, or a leader where none was known. */
        PartitionLeader merge(PartitionLeader heard) {
            if (heard.leaderEpoch > leaderEpoch) {
                return heard;
            }
            return leader.isEmpty() ? new PartitionLeader(leaderEpoch, heard.leader) : this;
        }
    }

    public TopicView {
        config = Map.copyOf(config);
        partitions = List.copyOf(partitions);
    }

    public int partitionCount() {
        return partitions.size();
    }

    /** The leader of a partition; empty if none is known or there is no such partition. */
    public Optional<BrokerAddress> leaderOf(int partition) {
        return partition < partitions.size() ? partitions.get(partition).leader() : Optional.empty();
    }

    /** Takes over what another broker said. Another topic of the same name replaces this one whole. */
    TopicView merge(TopicView heard) {
        if (!heard.topicId.equals(topicId) || heard.partitionCount() < partitionCount()) {
            return heard;
        }
        List<PartitionLeader> merged = new ArrayList<>(heard.partitions);
        for (int i = 0; i < partitions.size(); i++) {
            merged.set(i, partitions.get(i).merge(heard.partitions.get(i)));
        }
        return new TopicView(name, topicId, heard.config, merged);
    }

    TopicView hear(int partition, PartitionLeader heard) {
        return partition < partitions.size()
                ? with(partition, partitions.get(partition).merge(heard))
                : this;
    }

    /**
     * Forgets a leader that proved wrong, so that the next word about this partition counts whatever its epoch: the one
     * we had may have been a mistake.
     */
    TopicView distrust(int partition, BrokerAddress leader) {
        if (!leaderOf(partition).equals(Optional.of(leader))) {
            return this;
        }
        return with(partition, new PartitionLeader(partitions.get(partition).leaderEpoch(), Optional.empty()));
    }

    private TopicView with(int partition, PartitionLeader changed) {
        List<PartitionLeader> copy = new ArrayList<>(partitions);
        copy.set(partition, changed);
        return new TopicView(name, topicId, config, copy);
    }
}
