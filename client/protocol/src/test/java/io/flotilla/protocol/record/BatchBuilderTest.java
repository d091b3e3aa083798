package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchBuilderTest {
    private static final int MAX_BYTES = 500;

    @Test
    void shouldCountFromZeroAndKeepTheLargestTimestamp() {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, MAX_BYTES);
        builder.tryAppend(100, null, new byte[] {1}, List.of());
        builder.tryAppend(300, null, new byte[] {2}, List.of());
        builder.tryAppend(50, null, new byte[] {3}, List.of());

        RecordBatch batch = RecordBatch.at(builder.build(7, (short) 1, 40), 0);

        assertThat(batch.baseOffset()).isZero();
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(-1);
        assertThat(batch.recordCount()).isEqualTo(3);
        assertThat(batch.lastOffset()).isEqualTo(2);
        assertThat(batch.baseTimestamp()).isEqualTo(100);
        assertThat(batch.maxTimestamp()).isEqualTo(300);
        assertThat(batch.producerId()).isEqualTo(7);
        assertThat(batch.producerEpoch()).isEqualTo((short) 1);
        assertThat(batch.baseSequence()).isEqualTo(40);
        assertThat(batch.lastSequence()).isEqualTo(42);
        assertThat(batch.records()).extracting(LogRecord::timestampMillis).containsExactly(100L, 300L, 50L);
    }

    @Test
    void shouldFillUpToItsLimitAndNotBeyond() {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, MAX_BYTES);
        while (builder.tryAppend(1, new byte[3], new byte[20], List.of())) {
            assertThat(builder.estimatedBytes()).isLessThanOrEqualTo(MAX_BYTES);
        }
        int countWhenFull = builder.recordCount();
        int bytesWhenFull = builder.estimatedBytes();

        ByteBuffer batch = builder.build(-1, (short) -1, -1);

        assertThat(bytesWhenFull).isGreaterThan(MAX_BYTES - 40);
        assertThat(batch.remaining()).isEqualTo(bytesWhenFull);
        assertThat(RecordBatch.at(batch, 0).records()).hasSize(countWhenFull);
    }

    @Test
    void shouldTakeARecordThatJustFitsAndRefuseOneByteMore() {
        int overhead = RecordBatch.HEADER_BYTES + 2 + 6 + 1;
        BatchBuilder builder = new BatchBuilder(Compression.NONE, MAX_BYTES);

        assertThatThrownBy(() -> builder.tryAppend(1, null, new byte[MAX_BYTES - overhead + 1], List.of()))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
                    assertThat(refused.details())
                            .containsEntry("size_bytes", Integer.toString(MAX_BYTES + 1))
                            .containsEntry("max_bytes", Integer.toString(MAX_BYTES));
                });
        assertThat(builder.tryAppend(1, null, new byte[MAX_BYTES - overhead], List.of()))
                .isTrue();
        assertThat(builder.estimatedBytes()).isEqualTo(MAX_BYTES);
        assertThat(builder.tryAppend(1, null, new byte[MAX_BYTES], List.of())).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldStayBelowItsLimitWhenNoiseDoesNotCompress(Compression compression) {
        byte[] noise = new byte[MAX_BYTES - RecordBatch.HEADER_BYTES - 9];
        new Random(11).nextBytes(noise);
        BatchBuilder builder = new BatchBuilder(compression, MAX_BYTES);
        builder.tryAppend(1, null, noise, List.of());

        RecordBatch batch = BatchValidator.validate(builder.build(-1, (short) -1, -1), MAX_BYTES);

        assertThat(batch.compression()).isEqualTo(Compression.NONE);
        assertThat(batch.records().get(0).value()).isEqualTo(noise);
    }

    @Test
    void shouldRefuseATimestampBeforeTheEpoch() {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, MAX_BYTES);

        assertThatThrownBy(() -> builder.tryAppend(-2, null, null, List.of()))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_RECORD);
                    assertThat(refused.details()).containsEntry("timestamp_millis", "-2");
                });
        assertThat(builder.tryAppend(RecordBatch.NO_TIMESTAMP, null, null, List.of()))
                .isTrue();
    }

    @Test
    void shouldBeSpentAfterBuilding() {
        BatchBuilder builder = new BatchBuilder(Compression.LZ4, MAX_BYTES);
        assertThatIllegalStateException().isThrownBy(() -> builder.build(-1, (short) -1, -1));
        builder.tryAppend(1, null, null, List.of());
        builder.build(-1, (short) -1, -1);

        assertThatIllegalStateException().isThrownBy(() -> builder.build(-1, (short) -1, -1));
        assertThatIllegalStateException().isThrownBy(() -> builder.tryAppend(1, null, null, List.of()));
    }

    @Test
    void shouldRefuseHalfAProducer() {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, MAX_BYTES);
        builder.tryAppend(1, null, null, List.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.build(7, (short) 0, -1))
                .withMessageContaining("7");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.build(-1, (short) 0, 0));
    }
}
