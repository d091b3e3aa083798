package io.flotilla.client.scripted;

import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One partition in memory, with a real partition's rules of sequences: in order, and a duplicate is stored once. */
final class ScriptedLog {
    private static final int BATCHES_REMEMBERED = 5;

    final TopicPartition partition;
    private final List<RecordBatch> batches = new ArrayList<>();
    private final Map<Long, List<Remembered>> producers = new HashMap<>();
    private long highWatermark;
    long logStartOffset;

    private record Remembered(int baseSequence, int lastSequence, long baseOffset) {}

    /** What became of a batch; {@code error} says why it was not appended. */
    record Result(long baseOffset, boolean duplicate, Optional<ErrorCode> error) {}

    ScriptedLog(TopicPartition partition) {
        this.partition = partition;
    }

    synchronized Result append(ByteBuffer bytes) {
        RecordBatch batch = RecordBatch.at(bytes, 0);
        batch.checkCrc();
        List<Remembered> known = producers.computeIfAbsent(batch.producerId(), id -> new ArrayList<>());
        for (Remembered earlier : known) {
            if (earlier.baseSequence() == batch.baseSequence() && earlier.lastSequence() == batch.lastSequence()) {
                return new Result(earlier.baseOffset(), true, Optional.empty());
            }
        }
        int expected = known.isEmpty() ? 0 : known.get(known.size() - 1).lastSequence() + 1;
        if (batch.baseSequence() != expected) {
            return refused(known.isEmpty() ? ErrorCode.UNKNOWN_PRODUCER : ErrorCode.OUT_OF_ORDER_SEQUENCE);
        }
        known.add(new Remembered(batch.baseSequence(), batch.lastSequence(), highWatermark));
        if (known.size() > BATCHES_REMEMBERED) {
            known.remove(0);
        }
        ByteBuffer stored =
                ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        RecordBatch.place(stored, 0, highWatermark, 1);
        batches.add(RecordBatch.at(stored, 0));
        long baseOffset = highWatermark;
        highWatermark += batch.recordCount();
        return new Result(baseOffset, false, Optional.empty());
    }

    static Result refused(ErrorCode code) {
        return new Result(-1, false, Optional.of(code));
    }

    /** Forgets every producer, as a partition does some time after their last batch. */
    synchronized void forgetProducers() {
        producers.clear();
    }

    synchronized long highWatermark() {
        return highWatermark;
    }

    /** The batch that holds the offset; empty at the end. */
    synchronized Optional<RecordBatch> batchAt(long offset) {
        return batches.stream().filter(batch -> batch.lastOffset() >= offset).findFirst();
    }

    synchronized List<LogRecord> records() {
        List<LogRecord> all = new ArrayList<>();
        batches.forEach(batch -> all.addAll(batch.records()));
        return all;
    }
}
