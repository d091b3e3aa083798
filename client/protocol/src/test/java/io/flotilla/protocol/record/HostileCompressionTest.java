package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyCodec;

/** Compressed records made to exhaust their reader: they must end in a refusal, in bounded memory. */
class HostileCompressionTest {
    private static final int MAX_BYTES = 1024 * 1024;

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
    void shouldStopInflatingAtTheLimit(Compression compression) throws IOException {
        int maxBytes = 16 * 1024;
        int inflatedBytesMax = maxBytes * BatchValidator.INFLATED_TO_MAX_BYTES;
        ByteBuffer bomb = batchOf(compression, compressed(compression, recordOfZeros(inflatedBytesMax)));

        Refused refused = catchThrowableOfType(Refused.class, () -> BatchValidator.validate(bomb, maxBytes));

        // Snappy grows by 22 at most, so its compressed form is above the limit already.
        assertThat(refused.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
        assertThat(refused.details()).containsKeys("size_bytes", "max_bytes");
    }

    @Test
    void shouldStopAtTheAbsoluteLimitForEveryReader() throws IOException {
        byte[] records = compressed(Compression.ZSTD, recordOfZeros(BatchValidator.INFLATED_BYTES_MAX));
        ByteBuffer bomb = batchOf(Compression.ZSTD, records);
        assertThat(bomb.remaining()).isLessThan(16 * 1024);

        Refused validated = catchThrowableOfType(Refused.class, () -> BatchValidator.validate(bomb, Integer.MAX_VALUE));
        Refused read = catchThrowableOfType(
                Refused.class, () -> RecordBatch.at(bomb, 0).records());

        assertThat(validated.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
        assertThat(validated.details()).containsEntry("max_bytes", Integer.toString(BatchValidator.INFLATED_BYTES_MAX));
        assertThat(read.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
    }

    @Test
    void shouldAcceptRecordsThatInflateToALotWithinTheLimit() throws IOException {
        byte[] record = recordOfZeros(10 * MAX_BYTES);

        RecordBatch batch =
                BatchValidator.validate(batchOf(Compression.ZSTD, compressed(Compression.ZSTD, record)), MAX_BYTES);

        assertThat(batch.sizeInBytes()).isLessThan(MAX_BYTES / 100);
        assertThat(batch.records().get(0).value()).hasSize(10 * MAX_BYTES);
    }

    @Test
    void shouldNotAllocateWhatASnappyBlockDeclares() {
        ByteBuffer framed = ByteBuffer.allocate(SnappyCodec.headerSize() + 4 + 8);
        framed.put(SnappyCodec.getMagicHeader()).putInt(1).putInt(1);
        framed.putInt(8).put(new byte[] {-1, -1, -1, -1, 7, 0, 0, 0});
        ByteBuffer length = ByteBuffer.allocate(SnappyCodec.headerSize() + 4);
        length.put(SnappyCodec.getMagicHeader()).putInt(1).putInt(1).putInt(Integer.MAX_VALUE);

        assertCorruptWithinMemory(Compression.SNAPPY, framed.array());
        assertCorruptWithinMemory(Compression.SNAPPY, length.array());
        assertCorruptWithinMemory(Compression.SNAPPY, new byte[] {-1, -1, -1, -1, 7, 0, 0, 0});
    }

    @Test
    void shouldNotAllocateWhatARecordDeclares() throws IOException {
        byte[] record = new byte[20];
        int at = Varint.write(60 * 1024 * 1024, record, 0);
        at = Varint.write(0, record, at + 1);
        at = Varint.write(0, record, at);
        Varint.write(50 * 1024 * 1024, record, at);
        ByteBuffer batch = batchOf(Compression.GZIP, compressed(Compression.GZIP, record));

        long before = allocatedBytes();
        Refused refused = catchThrowableOfType(
                Refused.class, () -> RecordBatch.at(batch, 0).records());

        assertThat(allocatedBytes() - before).isLessThan(MAX_BYTES);
        assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
    }

    /** A reader that enters itself for each frame runs out of stack here. */
    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
    void shouldSurviveAsManyEmptyFramesAsABatchHolds(Compression compression) throws IOException {
        byte[] frame = compressed(compression, new byte[0]);
        byte[] frames = new byte[MAX_BYTES / frame.length * frame.length - 2 * frame.length];
        for (int at = 0; at < frames.length; at += frame.length) {
            System.arraycopy(frame, 0, frames, at, frame.length);
        }

        Refused refused = catchThrowableOfType(
                Refused.class,
                () -> BatchValidator.validate(batchOf(compression, frames), MAX_BYTES + RecordBatch.HEADER_BYTES));

        assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
    }

    @Test
    void shouldReadRawSnappyAsOtherClientsSendIt() throws IOException {
        byte[] record = recordOfZeros(1000);

        RecordBatch batch = BatchValidator.validate(batchOf(Compression.SNAPPY, Snappy.compress(record)), MAX_BYTES);

        assertThat(batch.records()).isEqualTo(KafkaBatches.decode(batch.buffer()));
        assertThat(batch.records().get(0).value()).hasSize(1000);
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
    void shouldRefuseCompressedRecordsThatEndEarly(Compression compression) throws IOException {
        byte[] whole = compressed(compression, recordOfZeros(200));
        // The last bytes of some formats are an empty block that nobody misses; half of the bytes are missed by all.
        for (int size = 0; size < whole.length / 2; size++) {
            ByteBuffer batch = batchOf(compression, Arrays.copyOf(whole, size));

            Refused refused = catchThrowableOfType(Refused.class, () -> BatchValidator.validate(batch, MAX_BYTES));

            assertThat(refused.code()).as("%d bytes", size).isEqualTo(ErrorCode.CORRUPT_BATCH);
        }
    }

    private static void assertCorruptWithinMemory(Compression compression, byte[] records) {
        ByteBuffer batch = batchOf(compression, records);
        long before = allocatedBytes();

        Refused refused = catchThrowableOfType(Refused.class, () -> BatchValidator.validate(batch, MAX_BYTES));

        assertThat(allocatedBytes() - before).isLessThan(MAX_BYTES);
        assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** A record with a value of that many zeros. */
    private static byte[] recordOfZeros(int valueBytes) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, Integer.MAX_VALUE - 8);
        builder.tryAppend(1, null, new byte[valueBytes], List.of());
        ByteBuffer records =
                RecordBatch.at(builder.build(-1, (short) -1, -1), 0).recordsSection();
        return Batches.bytes(records);
    }

    private static byte[] compressed(Compression compression, byte[] records) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (OutputStream compressing = RecordCodec.compressing(compression, output)) {
            compressing.write(records);
        }
        return output.toByteArray();
    }

    /** A batch that claims to hold one record with timestamp 1, whose stored form is given. */
    private static ByteBuffer batchOf(Compression compression, byte[] records) {
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + records.length);
        BatchBuilder header = new BatchBuilder(Compression.NONE, 100);
        header.tryAppend(1, null, null, List.of());
        batch.put(0, header.build(-1, (short) -1, -1), 0, RecordBatch.HEADER_BYTES);
        batch.put(RecordBatch.HEADER_BYTES, records);
        batch.putInt(RecordBatch.LENGTH_AT, batch.capacity() - RecordBatch.LENGTH_OVERHEAD_BYTES);
        batch.putShort(RecordBatch.ATTRIBUTES_AT, (short) compression.id());
        return Batches.resealed(batch);
    }
}
