package io.flotilla.raftlog.segment;

import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a log must be, kept as a list of batches and searched from its beginning. */
final class LogModel {
    private final List<RecordBatch> batches = new ArrayList<>();
    private long startOffset;

    /** Places a copy of the batch at the end. */
    void append(RecordBatch batch, int leaderEpoch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes()).put(batch.buffer());
        RecordBatch.place(copy, 0, endOffset(), leaderEpoch);
        batches.add(RecordBatch.at(copy.flip(), 0));
    }

    long endOffset() {
        return batches.isEmpty() ? 0 : batches.get(batches.size() - 1).lastOffset() + 1;
    }

    int batchCount() {
        return batches.size();
    }

    long startOffset() {
        return startOffset;
    }

    /** Takes what lies before an offset from readers. */
    void advanceStart(long offset) {
        startOffset = offset;
    }

    /** Bytes as files hold them whose first record is this one. */
    ByteBuffer bytesFrom(long offset) {
        List<RecordBatch> left =
                batches.stream().filter(batch -> batch.baseOffset() >= offset).toList();
        ByteBuffer all = ByteBuffer.allocate(
                left.stream().mapToInt(RecordBatch::sizeInBytes).sum());
        left.forEach(batch -> all.put(batch.buffer()));
        return all.flip();
    }

    void cutTo(int batchCount) {
        batches.subList(batchCount, batches.size()).clear();
    }

    List<RecordBatch> batchesFrom(long offset) {
        return batches.stream().filter(batch -> batch.lastOffset() >= offset).toList();
    }

    OptionalLong batchTimestamp(long offset) {
        return batchesFrom(Math.max(offset, startOffset)).stream()
                .mapToLong(batch -> batch.records().get(0).timestampMillis())
                .findFirst();
    }

    Optional<LogRecord> firstAtOrAfter(long timestampMillis) {
        return batches.stream()
                .flatMap(batch -> batch.records().stream())
                .filter(found -> found.offset() >= startOffset && found.timestampMillis() >= timestampMillis)
                .findFirst();
    }
}
