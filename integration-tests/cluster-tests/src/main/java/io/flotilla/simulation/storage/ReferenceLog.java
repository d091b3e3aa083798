package io.flotilla.simulation.storage;

import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.partition.rules.AppendedBatch;
import io.flotilla.raftlog.partition.rules.EpochStart;
import io.flotilla.raftlog.partition.rules.LeaderEpochs;
import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.partition.rules.ProducerHistory;
import io.flotilla.raftlog.segment.LogEnd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a partition's log must be, kept as plain lists; the rules are written down here a second time, naively. */
final class ReferenceLog {
    private final int segmentBytesMax;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private final List<EpochStart> epochs = new ArrayList<>();
    private final Map<Long, Producer> producers = new LinkedHashMap<>(); // the one whose last append is oldest first
    private long[] timestamps = new long[64]; // by offset
    private long startOffset;
    private long endOffset;
    private long maxTimestamp = IndexPoint.NONE_BEFORE;

    ReferenceLog(int segmentBytesMax) {
        this.segmentBytesMax = segmentBytesMax;
        segments.add(new Segment(0));
    }

    /** A file, of which a state covers the first bytes. */
    static final class Segment {
        private final long baseOffset;
        private byte[] bytes = new byte[0];
        private int size;

        Segment(long baseOffset) {
            this.baseOffset = baseOffset;
        }

        long baseOffset() {
            return baseOffset;
        }

        byte[] bytes() {
            return bytes;
        }

        int size() {
            return size;
        }

        void append(ByteBuffer batch) {
            int count = batch.remaining();
            if (size + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * (size + count));
            }
            batch.get(bytes, size, count);
            size += count;
        }
    }

    /** Where a batch stands. */
    record Batch(long baseOffset, long lastOffset, int segment, int position, int size) {}

    private record Producer(short epoch, List<AppendedBatch> appended) {}

    /**
     * What a replica holds behind one entry.
     *
     * @param firstSegment the oldest segment with a record that is kept, or the last one
     * @param segmentCount so many segments were begun; the last of them up to {@code end}
     */
    record State(int firstSegment, int segmentCount, LogEnd end, PartitionRules.Memory memory) {
        long startOffset() {
            return memory.logStartOffset();
        }
    }

    State state() {
        List<ProducerHistory> histories = new ArrayList<>();
        producers.forEach((id, producer) -> {
            List<AppendedBatch> all = producer.appended();
            histories.add(
                    new ProducerHistory(id, producer.epoch(), all.subList(Math.max(0, all.size() - 5), all.size())));
        });
        Segment active = segments.get(segments.size() - 1);
        int first = 0;
        while (first + 1 < segments.size() && segments.get(first + 1).baseOffset <= startOffset) {
            first++;
        }
        return new State(
                first,
                segments.size(),
                new LogEnd(endOffset, active.baseOffset, active.size, maxTimestamp),
                new PartitionRules.Memory(startOffset, endOffset, new LeaderEpochs(epochs), histories));
    }

    /** Appends what the rules accept. Returns whether they did. */
    boolean apply(RecordBatch batch, int leaderEpoch, long appendTimeMillis) {
        int count = batch.lastOffsetDelta() + 1;
        if (batch.producerId() >= 0 && !isNext(batch, count)) {
            return false;
        }
        if (epochs.isEmpty() || epochs.get(epochs.size() - 1).epoch() < leaderEpoch) {
            epochs.add(new EpochStart(leaderEpoch, endOffset));
        }
        if (batch.producerId() >= 0) {
            Producer before = producers.remove(batch.producerId());
            List<AppendedBatch> appended =
                    before == null || before.epoch() != batch.producerEpoch() ? new ArrayList<>() : before.appended();
            appended.add(new AppendedBatch(batch.baseSequence(), count, endOffset, leaderEpoch, appendTimeMillis));
            producers.put(batch.producerId(), new Producer(batch.producerEpoch(), appended));
        }
        store(batch, leaderEpoch);
        return true;
    }

    private boolean isNext(RecordBatch batch, int count) {
        Producer producer = producers.get(batch.producerId());
        if (producer == null || batch.producerEpoch() > producer.epoch()) {
            return batch.baseSequence() == 0;
        }
        List<AppendedBatch> appended = producer.appended();
        for (AppendedBatch known : appended.subList(Math.max(0, appended.size() - 5), appended.size())) {
            if (known.baseSequence() == batch.baseSequence() && known.offsetCount() == count) {
                return false;
            }
        }
        AppendedBatch last = appended.get(appended.size() - 1);
        return batch.producerEpoch() == producer.epoch()
                && batch.baseSequence() == last.baseSequence() + last.offsetCount();
    }

    private void store(RecordBatch batch, int leaderEpoch) {
        Segment active = segments.get(segments.size() - 1);
        if (active.size > 0 && active.size + batch.sizeInBytes() > segmentBytesMax) {
            active = roll();
        }
        ByteBuffer placed =
                ByteBuffer.allocate(batch.sizeInBytes()).put(batch.buffer()).flip();
        RecordBatch.place(placed, 0, endOffset, leaderEpoch);
        long next = endOffset + batch.lastOffsetDelta() + 1;
        batches.add(new Batch(endOffset, next - 1, segments.size() - 1, active.size, batch.sizeInBytes()));
        active.append(placed);
        for (LogRecord written : batch.records()) {
            maxTimestamp = Math.max(maxTimestamp, written.timestampMillis());
            if (endOffset == timestamps.length) {
                timestamps = Arrays.copyOf(timestamps, 2 * timestamps.length);
            }
            timestamps[(int) endOffset++] = written.timestampMillis();
        }
    }

    private Segment roll() {
        Segment begun = new Segment(endOffset);
        segments.add(begun);
        return begun;
    }

    /** Drops the records before an offset; a log that holds none any more goes on in a new segment. */
    void advanceStart(long target) {
        startOffset = Math.max(startOffset, Math.min(target, endOffset));
        while (epochs.size() > 1 && epochs.get(1).startOffset() <= startOffset) {
            epochs.remove(0);
        }
        if (!epochs.isEmpty() && epochs.get(0).startOffset() < startOffset) {
            epochs.set(0, new EpochStart(epochs.get(0).epoch(), startOffset));
        }
        if (startOffset == endOffset && segments.get(segments.size() - 1).size > 0) {
            roll();
        }
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    Segment segment(int number) {
        return segments.get(number);
    }

    /** Number of the batch that holds an offset below the end. */
    int batchOf(long offset) {
        int low = 0;
        int high = batches.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (batches.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    Batch batch(int number) {
        return batches.get(number);
    }

    /** The first offset from {@code start} to below {@code end} whose record is as old as that or younger. */
    OptionalLong firstAtOrAfter(long timestampMillis, long start, long end) {
        for (long offset = start; offset < end; offset++) {
            if (timestamps[(int) offset] >= timestampMillis) {
                return OptionalLong.of(offset);
            }
        }
        return OptionalLong.empty();
    }

    long maxTimestamp() {
        return maxTimestamp;
    }
}
