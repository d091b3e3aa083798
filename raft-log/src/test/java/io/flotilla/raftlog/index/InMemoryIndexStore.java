package io.flotilla.raftlog.index;

import io.flotilla.raftlog.raft.GroupId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The index of tests that do not care for disks, held to the same contract as the real one. */
public final class InMemoryIndexStore implements IndexStore {
    private final Map<GroupId, InMemoryLogIndex> logs = new ConcurrentHashMap<>();

    @Override
    public LogIndex of(GroupId log) {
        return logs.computeIfAbsent(log, absent -> new InMemoryLogIndex());
    }

    @Override
    public Set<GroupId> logs() {
        return logs.entrySet().stream()
                .filter(log -> log.getValue().marked().isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {}

    private static final class InMemoryLogIndex implements LogIndex {
        private final TreeMap<Long, IndexPoint> points = new TreeMap<>();
        private OptionalLong mark = OptionalLong.empty();

        @Override
        public synchronized void add(List<IndexPoint> added) {
            added.forEach(point -> points.put(point.offset(), point));
        }

        @Override
        public synchronized Optional<IndexPoint> atOrBefore(long offset) {
            return Optional.ofNullable(points.floorEntry(offset)).map(Map.Entry::getValue);
        }

        @Override
        public synchronized OptionalLong lastBeforeTime(long timestampMillis) {
            return points.values().stream()
                    .filter(point -> point.maxTimestampBefore() < timestampMillis)
                    .mapToLong(IndexPoint::offset)
                    .max();
        }

        @Override
        public synchronized void cutTo(long endOffset, long maxTimestampBefore) {
            points.tailMap(endOffset, true).clear();
        }

        @Override
        public synchronized void dropBefore(long startOffset) {
            points.headMap(startOffset, false).clear();
        }

        @Override
        public synchronized void mark(long endOffset) {
            mark = OptionalLong.of(endOffset);
        }

        @Override
        public synchronized OptionalLong marked() {
            return mark;
        }

        @Override
        public synchronized void clear() {
            points.clear();
            mark = OptionalLong.empty();
        }
    }
}
