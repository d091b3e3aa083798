package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.junit.jupiter.api.Test;

class RecordBatchTest {
    private static final List<LogRecord> RECORDS = new RandomRecords(5).next(20);

    @Test
    void shouldSeeABatchInTheMiddleOfABuffer() {
        ByteBuffer batch = Batches.of(Compression.NONE, RECORDS);
        ByteBuffer log = ByteBuffer.allocate(batch.remaining() + 30).put(13, batch, 0, batch.remaining());

        RecordBatch seen = RecordBatch.at(log.order(ByteOrder.LITTLE_ENDIAN), 13);

        assertThat(seen.buffer()).isEqualTo(batch);
        assertThat(seen.buffer().isReadOnly()).isTrue();
        assertThat(seen.records()).isEqualTo(RECORDS);
        assertThat(log.position()).isZero();
    }

    @Test
    void shouldReadDirectAndReadOnlyBuffers() {
        for (Compression compression : Compression.values()) {
            ByteBuffer batch = Batches.of(compression, RECORDS);
            ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining())
                    .put(batch.duplicate())
                    .flip();

            assertThat(BatchValidator.validate(direct, Batches.MAX_BYTES).records())
                    .isEqualTo(RECORDS);
            assertThat(BatchValidator.validate(direct.asReadOnlyBuffer(), Batches.MAX_BYTES)
                            .records())
                    .isEqualTo(RECORDS);
            assertThat(BatchValidator.validate(batch.asReadOnlyBuffer(), Batches.MAX_BYTES)
                            .records())
                    .isEqualTo(RECORDS);
        }
    }

    @Test
    void shouldPlaceABatchWithoutBreakingItsChecksum() {
        ByteBuffer log = Batches.of(Compression.ZSTD, RECORDS);

        RecordBatch.place(log.order(ByteOrder.LITTLE_ENDIAN), 0, 1_000_000_000_000L, 17);

        RecordBatch placed = RecordBatch.at(log, 0);
        placed.checkCrc();
        assertThat(placed.baseOffset()).isEqualTo(1_000_000_000_000L);
        assertThat(placed.lastOffset()).isEqualTo(1_000_000_000_000L + RECORDS.size() - 1);
        assertThat(placed.partitionLeaderEpoch()).isEqualTo(17);
        assertThat(placed.records()).isEqualTo(KafkaBatches.decode(log));
        assertThat(placed.records().get(0).offset()).isEqualTo(1_000_000_000_000L);
    }

    @Test
    void shouldWalkBatchesThatLieBackToBack() {
        List<ByteBuffer> batches = List.of(
                Batches.of(Compression.NONE, RECORDS),
                Batches.of(Compression.LZ4, RECORDS),
                Batches.of(Compression.GZIP, RECORDS));
        ByteBuffer log = concatenated(batches, 5);

        List<ByteBuffer> seen = new ArrayList<>();
        RecordBatch.in(log).forEach(batch -> seen.add(batch.buffer()));

        assertThat(seen).isEqualTo(batches);
        assertThat(log.position()).isEqualTo(5);
        assertThat(RecordBatch.in(ByteBuffer.allocate(0))).isEmpty();
        assertThatThrownBy(
                        () -> RecordBatch.in(ByteBuffer.allocate(0)).iterator().next())
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void shouldRefuseAWalkThatEndsWithinABatch() {
        ByteBuffer log = concatenated(List.of(Batches.of(Compression.NONE, RECORDS)), 0);
        log.limit(log.limit() - 1);

        assertThatThrownBy(() -> RecordBatch.in(log).iterator().next())
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH));
    }

    @Test
    void shouldWrapSequencesAsKafkaDoes() {
        List<LogRecord> records = new RandomRecords(8).next(20);
        for (int base : new int[] {0, 1, Integer.MAX_VALUE - 3, Integer.MAX_VALUE}) {
            RecordBatch batch =
                    RecordBatch.at(Batches.builderOf(Compression.NONE, records).build(1, (short) 0, base), 0);

            assertThat(batch.lastSequence())
                    .isEqualTo(DefaultRecordBatch.incrementSequence(base, batch.lastOffsetDelta()));
        }
    }

    @Test
    void shouldGiveAllRecordsTheTimeOfTheirAppendIfThatIsWhatIsKept() {
        ByteBuffer batch = Batches.of(Compression.NONE, RECORDS);
        batch.putShort(RecordBatch.ATTRIBUTES_AT, (short) RecordBatch.LOG_APPEND_TIME_BIT);
        batch.putLong(RecordBatch.MAX_TIMESTAMP_AT, 77);
        Batches.resealed(batch);

        assertThat(RecordBatch.at(batch, 0).records())
                .isEqualTo(KafkaBatches.decode(batch))
                .extracting(LogRecord::timestampMillis)
                .containsOnly(77L);
    }

    @Test
    void shouldNoticeAWrongChecksum() {
        ByteBuffer batch = Batches.of(Compression.NONE, RECORDS);
        batch.put(RecordBatch.HEADER_BYTES, (byte) ~batch.get(RecordBatch.HEADER_BYTES));

        assertThatThrownBy(() -> RecordBatch.at(batch, 0).checkCrc())
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH));
    }

    private static ByteBuffer concatenated(List<ByteBuffer> batches, int at) {
        ByteBuffer log = ByteBuffer.allocate(
                at + batches.stream().mapToInt(ByteBuffer::remaining).sum());
        log.position(at);
        batches.forEach(batch -> log.put(batch.duplicate()));
        return log.position(at);
    }
}
