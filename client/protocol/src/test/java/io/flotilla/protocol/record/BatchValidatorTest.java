package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchValidatorTest {
    private static final List<LogRecord> THREE = List.of(
            new LogRecord(0, 100, new byte[] {1}, new byte[] {2}, List.of(new RecordHeader("h", null))),
            new LogRecord(1, 200, null, new byte[0], List.of()),
            new LogRecord(2, 150, new byte[0], null, List.of()));

    @Test
    void shouldReturnAViewOfTheBytesGiven() {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE);
        ByteBuffer within = ByteBuffer.allocate(batch.remaining() + 9)
                .put(4, batch, 0, batch.remaining())
                .position(4)
                .limit(4 + batch.remaining());

        RecordBatch valid = BatchValidator.validate(within, batch.remaining());

        assertThat(valid.records()).isEqualTo(THREE);
        assertThat(within.position()).isEqualTo(4);
        RecordBatch.place(within, 4, 10, 1);
        assertThat(valid.baseOffset()).isEqualTo(10);
    }

    @Test
    void shouldRefuseABatchAboveTheLimitOnly() {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE);
        int size = batch.remaining();

        BatchValidator.validate(batch, size);

        Refused refused = refusal(batch, size - 1);
        assertThat(refused.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
        assertThat(refused.details())
                .containsEntry("size_bytes", Integer.toString(size))
                .containsEntry("max_bytes", Integer.toString(size - 1));
    }

    /** What a client or the wire did to a batch whose checksum is right again, and the answer it gets. */
    private record Damage(String name, Consumer<ByteBuffer> made, ErrorCode code, String detail, String value) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Damage> damages() {
        return List.of(
                damage("reserved bit", b -> attributes(b, 0x80), "attributes", 0x80),
                damage("highest reserved bit", b -> attributes(b, 0x8000), "attributes", (short) 0x8000),
                damage("control", b -> attributes(b, 0x20), "attributes", 0x20),
                damage("transactional", b -> attributes(b, 0x10), "attributes", 0x10),
                damage("log append time", b -> attributes(b, 0x08), "attributes", 0x08),
                damage("delete horizon", b -> attributes(b, 0x40), "attributes", 0x40),
                new Damage("codec 7", b -> attributes(b, 7), ErrorCode.UNSUPPORTED_COMPRESSION, "codec", "7"),
                damage("no records", b -> b.putInt(RecordBatch.RECORD_COUNT_AT, 0), "record_count", 0),
                damage("negative count", b -> b.putInt(RecordBatch.RECORD_COUNT_AT, -1), "record_count", -1),
                damage("last delta", b -> b.putInt(RecordBatch.LAST_OFFSET_DELTA_AT, 3), "last_offset_delta", 3),
                damage("producer id", b -> b.putLong(RecordBatch.PRODUCER_ID_AT, -2), "producer_id", -2),
                damage("epoch", b -> b.putShort(RecordBatch.PRODUCER_EPOCH_AT, (short) -1), "producer_epoch", -1),
                damage("sequence", b -> b.putInt(RecordBatch.BASE_SEQUENCE_AT, -1), "base_sequence", -1),
                damage("time", b -> b.putLong(RecordBatch.BASE_TIMESTAMP_AT, -2), "timestamp_millis", -2),
                damage("offset delta", b -> b.put(RecordBatch.HEADER_BYTES + 3, (byte) 2), "offset_delta", 1),
                corruption("fewer counted", b -> counts(b, 2), "record_count", 2),
                corruption("more counted", b -> counts(b, 4), "record_count", 4),
                corruption("record length 0", b -> b.put(RecordBatch.HEADER_BYTES, (byte) 0), "record_length", 0),
                corruption("length short by 1", b -> b.put(RecordBatch.HEADER_BYTES, (byte) 20), "fields_end", 12),
                corruption("length short by 2", b -> b.put(RecordBatch.HEADER_BYTES, (byte) 18), "header_count", 1),
                corruption("length long by 1", b -> b.put(RecordBatch.HEADER_BYTES, (byte) 24), "fields_end", 12),
                corruption(
                        "record attributes",
                        b -> b.put(RecordBatch.HEADER_BYTES + 1, (byte) 1),
                        "record_attributes",
                        1),
                corruption("key length", b -> b.put(RecordBatch.HEADER_BYTES + 4, (byte) 127), "field_length", -64),
                corruption(
                        "time overflow",
                        b -> b.putLong(RecordBatch.BASE_TIMESTAMP_AT, Long.MAX_VALUE),
                        "timestamp_delta",
                        100));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void shouldNameTheValueAtFault(Damage damage) {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE);
        damage.made().accept(batch);

        Refused refused = refusal(Batches.resealed(batch), Batches.MAX_BYTES);

        assertThat(refused.code()).isEqualTo(damage.code());
        assertThat(refused.details()).containsEntry(damage.detail(), damage.value());
    }

    private static Damage damage(String name, Consumer<ByteBuffer> made, String detail, long value) {
        return new Damage(name, made, ErrorCode.INVALID_RECORD, detail, Long.toString(value));
    }

    private static Damage corruption(String name, Consumer<ByteBuffer> made, String detail, long value) {
        return new Damage(name, made, ErrorCode.CORRUPT_BATCH, detail, Long.toString(value));
    }

    private static void attributes(ByteBuffer batch, int bits) {
        batch.putShort(RecordBatch.ATTRIBUTES_AT, (short) bits);
    }

    private static void counts(ByteBuffer batch, int count) {
        batch.putInt(RecordBatch.RECORD_COUNT_AT, count).putInt(RecordBatch.LAST_OFFSET_DELTA_AT, count - 1);
    }

    @Test
    void shouldRefuseAWrongChecksumBeforeItLooksAtTheRest() {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE);
        attributes(batch, 0xffff);

        Refused refused = refusal(batch, Batches.MAX_BYTES);

        assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
        assertThat(refused.details()).containsKey("crc");
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void shouldRefuseTheFormatsOfOldClients(byte magic) {
        ByteBuffer old = MemoryRecords.withRecords(
                        magic, org.apache.kafka.common.compress.Compression.NONE, new SimpleRecord(new byte[9]))
                .buffer();

        Refused refused = refusal(old, Batches.MAX_BYTES);

        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(refused.details()).containsEntry("magic", Byte.toString(magic));
    }

    @Test
    void shouldRefuseAnUnknownMagic() {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE).put(RecordBatch.MAGIC_AT, (byte) 99);

        Refused refused = refusal(batch, Batches.MAX_BYTES);

        assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
        assertThat(refused.details()).containsEntry("magic", "99");
    }

    @Test
    void shouldRefuseEveryLengthButTheRightOne() {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE);
        for (int size = 0; size < batch.capacity(); size++) {
            assertThat(refusal(batch.duplicate().limit(size), Batches.MAX_BYTES).code())
                    .isEqualTo(ErrorCode.CORRUPT_BATCH);
        }
        ByteBuffer twice = ByteBuffer.allocate(2 * batch.capacity())
                .put(batch.duplicate())
                .put(batch.duplicate())
                .flip();

        assertThat(refusal(twice, Batches.MAX_BYTES).code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
    }

    @Test
    void shouldRefuseTransactionMarkersFromClients() {
        ByteBuffer marker = MemoryRecords.withEndTransactionMarker(
                        5, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0))
                .buffer();

        assertThat(refusal(marker, Batches.MAX_BYTES).code()).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    /** Clients without a producer identity leave 0 or -1 in epoch and sequence; both are seen in the wild. */
    @Test
    void shouldIgnoreEpochAndSequenceWithoutAProducer() {
        ByteBuffer batch = Batches.of(Compression.NONE, THREE)
                .putLong(RecordBatch.PRODUCER_ID_AT, RecordBatch.NO_PRODUCER)
                .putShort(RecordBatch.PRODUCER_EPOCH_AT, (short) 0)
                .putInt(RecordBatch.BASE_SEQUENCE_AT, 0);

        RecordBatch valid = BatchValidator.validate(Batches.resealed(batch), Batches.MAX_BYTES);

        assertThat(valid.hasProducer()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldCorrectAMaxTimestampThatAClientLeftUnset(Compression compression) {
        ByteBuffer batch = Batches.of(compression, THREE).putLong(RecordBatch.MAX_TIMESTAMP_AT, -1);
        byte[] sent = Batches.bytes(Batches.resealed(batch));

        RecordBatch valid = BatchValidator.validate(batch, Batches.MAX_BYTES);

        assertThat(valid.maxTimestamp()).isEqualTo(200);
        assertThat(valid.buffer()).isEqualTo(Batches.of(compression, THREE));
        assertThat(batch).isEqualTo(ByteBuffer.wrap(sent));
    }

    private static Refused refusal(ByteBuffer batch, int maxBytes) {
        return catchThrowableOfType(Refused.class, () -> BatchValidator.validate(batch, maxBytes));
    }
}
