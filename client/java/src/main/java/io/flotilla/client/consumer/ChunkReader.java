package io.flotilla.client.consumer;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Decodes a chunk, one batch at a time, from exactly the offset asked for.
 *
 * <p>Threading: confined to one thread.
 */
final class ChunkReader {
    private final TopicPartition partition;
    private final Iterator<RecordBatch> batches;
    private final long endOffset;
    private final boolean checkCrc;
    private Iterator<LogRecord> records = Collections.emptyIterator();
    private long position;

    /**
     * @param chunk       whole batches; the first may begin below {@code startOffset}
     * @param startOffset records below are skipped
     * @param endOffset   where to read on after the chunk
     */
    ChunkReader(TopicPartition partition, ByteBuffer chunk, long startOffset, long endOffset, boolean checkCrc) {
        this.partition = partition;
        this.batches = RecordBatch.in(chunk).iterator();
        this.position = startOffset;
        this.endOffset = endOffset;
        this.checkCrc = checkCrc;
    }

    /**
     * Adds the next records until the list has {@code sizeMax}, or the chunk is at its end.
     *
     * @return whether the chunk is at its end
     * @throws io.flotilla.protocol.error.Refused CORRUPT_BATCH; what was added before is valid
     */
    boolean readInto(List<ConsumerRecord> target, int sizeMax) {
        while (target.size() < sizeMax) {
            if (records.hasNext()) {
                take(records.next(), target);
            } else if (batches.hasNext()) {
                open(batches.next());
            } else {
                position = Math.max(position, endOffset);
                return true;
            }
        }
        return false;
    }

    private void open(RecordBatch batch) {
        if (batch.isControl() || batch.lastOffset() < position) {
            return;
        }
        if (checkCrc) {
            batch.checkCrc();
        }
        records = batch.records().iterator();
    }

    private void take(LogRecord record, List<ConsumerRecord> target) {
        if (record.offset() >= position && record.offset() < endOffset) {
            target.add(new ConsumerRecord(
                    partition,
                    record.offset(),
                    record.timestampMillis(),
                    record.key(),
                    record.value(),
                    record.headers()));
            position = record.offset() + 1;
        }
    }

    /** Offset of the next record to come. */
    long position() {
        return position;
    }
}
