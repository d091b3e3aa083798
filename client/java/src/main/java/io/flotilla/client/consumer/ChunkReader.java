package io.flotilla.client.consumer;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.parts.PartAssembler;
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
    private final long returnFrom;
    private final boolean checkCrc;
    private final PartAssembler parts;
    private Iterator<LogRecord> records = Collections.emptyIterator();
    private long position;

    /**
     * @param chunk       whole batches; the first may begin below {@code startOffset}
     * @param startOffset records below are skipped
     * @param endOffset   where to read on after the chunk
     * @param returnFrom  records that end below were returned already
     * @param parts       puts values together
     */
    ChunkReader(
            TopicPartition partition,
            ByteBuffer chunk,
            long startOffset,
            long endOffset,
            long returnFrom,
            boolean checkCrc,
            PartAssembler parts) {
        this.partition = partition;
        this.batches = RecordBatch.in(chunk).iterator();
        this.position = startOffset;
        this.endOffset = endOffset;
        this.returnFrom = returnFrom;
        this.checkCrc = checkCrc;
        this.parts = parts;
    }

    /**
     * Adds the next records until the list has {@code sizeMax}, or the chunk is at its end.
     *
     * @return whether the chunk is at its end
     * @throws io.flotilla.protocol.error.Refused CORRUPT_BATCH, or as {@link PartAssembler#take}; what was added before is
     *     valid
     */
    boolean readInto(List<ConsumerRecord> target, int sizeMax) {
        long nowNanos = System.nanoTime();
        while (target.size() < sizeMax) {
            if (records.hasNext()) {
                take(records.next(), target, nowNanos);
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

    private void take(LogRecord record, List<ConsumerRecord> target, long nowNanos) {
        if (record.offset() >= position && record.offset() < endOffset) {
            position = record.offset();
            ConsumerRecord whole = parts.take(partition, record, nowNanos);
            if (whole != null && whole.offset() >= returnFrom) {
                target.add(whole);
            }
            position = record.offset() + 1;
        }
    }

    /** Offset of the next record to come. */
    long position() {
        return position;
    }
}
