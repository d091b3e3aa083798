package io.flotilla.cli;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Reads a {@link MemoryCluster}, two records a poll, so that a few records take several polls. */
final class MemoryConsumer implements Consumer {
    private static final int POLL_RECORDS_MAX = 2;

    private final MemoryCluster cluster;
    private final SortedMap<TopicPartition, Long> positions = new TreeMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private boolean woken;

    MemoryConsumer(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void assign(Collection<TopicPartition> partitions, Position start) {
        partitions.forEach(partition -> positions.put(partition, cluster.offsetOf(partition, start)));
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        assign(partitions, Position.beginning());
    }

    @Override
    public Set<TopicPartition> assignment() {
        return positions.keySet();
    }

    @Override
    public void seek(TopicPartition partition, Position position) {
        positions.put(partition, cluster.offsetOf(partition, position));
    }

    @Override
    public List<ConsumerRecord> poll(Duration timeout) {
        if (woken) {
            woken = false;
            throw new WakeupException();
        }
        List<ConsumerRecord> records = new ArrayList<>();
        positions.replaceAll((partition, position) -> {
            long next = position;
            List<ConsumerRecord> log = cluster.log(partition);
            while (!paused.contains(partition) && next < log.size() && records.size() < POLL_RECORDS_MAX) {
                records.add(log.get(Math.toIntExact(next)));
                next++;
            }
            return next;
        });
        return records;
    }

    @Override
    public long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    @Override
    public OptionalLong highWatermark(TopicPartition partition) {
        return OptionalLong.of(cluster.log(partition).size());
    }

    @Override
    public OptionalLong lag(TopicPartition partition) {
        return OptionalLong.of(cluster.log(partition).size() - position(partition));
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    @Override
    public Set<TopicPartition> paused() {
        return paused;
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return offsets(partitions, partition -> cluster.log(partition).size());
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return offsets(partitions, partition -> 0);
    }

    private static Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> offset) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, offset::applyAsLong));
    }

    @Override
    public void wakeup() {
        woken = true;
    }

    @Override
    public void close() {}
}
