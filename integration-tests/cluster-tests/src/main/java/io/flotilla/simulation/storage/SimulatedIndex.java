package io.flotilla.simulation.storage;

import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.simulation.disk.PowerCut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One log's index with the durability of RocksDB: a loss of power takes the newest of the writes that were not synced,
 * any number of them. Rows and order are those of {@link io.flotilla.raftlog.index.RocksIndexStore}.
 */
public final class SimulatedIndex implements LogIndex {
    /** Learns of each write behind its effect. */
    interface Observer {
        void operated(Supplier<String> operation, boolean changed);
    }

    /** Key of a row by time. */
    private record TimeRow(long maxTimestampBefore, long offset) {
        static final Comparator<TimeRow> ORDER =
                Comparator.comparingLong(TimeRow::maxTimestampBefore).thenComparingLong(TimeRow::offset);
    }

    /** All rows at one moment. */
    private static final class Rows {
        private final TreeMap<Long, IndexPoint> offsets = new TreeMap<>();
        private final TreeSet<TimeRow> times = new TreeSet<>(TimeRow.ORDER);
        private OptionalLong mark = OptionalLong.empty();

        Rows copy() {
            Rows copy = new Rows();
            copy.offsets.putAll(offsets);
            copy.times.addAll(times);
            copy.mark = mark;
            return copy;
        }
    }

    /** The synced rows, then the rows behind each write since; kept for an observer, who alone can cut the power. */
    private final List<Rows> history = new ArrayList<>();

    private final Rows now;
    private @Nullable Observer observer;
    private boolean off;

    private SimulatedIndex(Rows now) {
        this.now = now;
    }

    public static SimulatedIndex empty() {
        return new SimulatedIndex(new Rows());
    }

    void observe(Observer newObserver) {
        observer = newObserver;
        history.clear();
        history.add(now.copy());
    }

    /** Writes that a loss of power may take. */
    int unsynced() {
        return history.size() - 1;
    }

    /**
     * The index after a loss of power.
     *
     * @param survivors how many of the unsynced writes are left
     */
    SimulatedIndex afterPowerLoss(int survivors) {
        return new SimulatedIndex(history.get(survivors).copy());
    }

    @Override
    public void add(List<IndexPoint> points) {
        if (!points.isEmpty()) {
            for (IndexPoint point : points) {
                now.offsets.put(point.offset(), point);
                now.times.add(new TimeRow(point.maxTimestampBefore(), point.offset()));
            }
            written("index add");
        }
    }

    @Override
    public Optional<IndexPoint> atOrBefore(long offset) {
        return Optional.ofNullable(now.offsets.floorEntry(offset)).map(Map.Entry::getValue);
    }

    @Override
    public OptionalLong lastBeforeTime(long timestampMillis) {
        TimeRow found = now.times.floor(new TimeRow(timestampMillis, 0));
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset());
    }

    @Override
    public void cutTo(long endOffset, long maxTimestampBefore) {
        cut(endOffset, new TimeRow(maxTimestampBefore, endOffset));
    }

    /** Two writes, as there are two families of rows. */
    private void cut(long endOffset, TimeRow time) {
        drop(now.offsets.tailMap(endOffset, true).keySet(), "index cut by offset");
        drop(now.times.tailSet(time, true), "index cut by time");
    }

    @Override
    public void dropBefore(long startOffset) {
        IndexPoint first = now.offsets.get(startOffset);
        drop(now.offsets.headMap(startOffset, false).keySet(), "index drop by offset");
        if (first != null) {
            drop(now.times.headSet(new TimeRow(first.maxTimestampBefore(), startOffset), false), "index drop by time");
        }
    }

    private void drop(Set<?> rows, String operation) {
        if (!rows.isEmpty()) {
            rows.clear();
            written(operation);
        }
    }

    @Override
    public void mark(long endOffset) {
        now.mark = OptionalLong.of(endOffset);
        synced("index mark");
    }

    @Override
    public OptionalLong marked() {
        return now.mark;
    }

    @Override
    public void clear() {
        now.mark = OptionalLong.empty();
        synced("index unmark");
        cut(Long.MIN_VALUE, new TimeRow(Long.MIN_VALUE, Long.MIN_VALUE));
    }

    private void written(String operation) {
        operated(operation);
    }

    private void synced(String operation) {
        requirePower();
        history.clear();
        operated(operation);
    }

    private void operated(String operation) {
        requirePower();
        if (observer == null) {
            return;
        }
        history.add(now.copy());
        try {
            observer.operated(() -> operation, true);
        } catch (PowerCut cut) {
            off = true;
            throw cut;
        }
    }

    private void requirePower() {
        if (off) {
            throw new PowerCut();
        }
    }
}
