package io.flotilla.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.RecordBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccumulatorTest {
    private static final long MILLI = 1_000_000;

    private final ProducerSettings settings = ProducerSettings.DEFAULT
            .withBatchBytes(1_024)
            .withLinger(Duration.ofMillis(5))
            .withCompression(Compression.NONE);
    private final List<PendingBatch> begun = new ArrayList<>();
    private final Accumulator accumulator = new Accumulator(settings, 10_000, begun::add);

    @Test
    void shouldHoldABatchUntilItHasLingered() {
        add(100, 0);

        assertThat(accumulator.pollReady(5 * MILLI - 1)).isEmpty();
        assertThat(accumulator.nextReadyNanos()).contains(5 * MILLI);
        assertThat(accumulator.pollReady(5 * MILLI)).isPresent();
        assertThat(accumulator.isEmpty()).isTrue();
    }

    @Test
    void shouldSendAFullBatchAtOnce() {
        add(600, 0);
        add(600, 0);

        assertThat(accumulator.pollReady(0)).isPresent();
        assertThat(accumulator.pollReady(0)).as("the second is not full").isEmpty();
    }

    @Test
    void shouldSendAtOnceWhatIsFlushedButNotWhatComesLater() {
        add(100, 0);
        assertThat(accumulator.flush()).hasSize(1);
        add(100, 0);

        assertThat(accumulator.pollReady(0).map(PendingBatch::recordCount)).contains(1);
        assertThat(accumulator.pollReady(0)).isEmpty();
    }

    @Test
    void shouldGiveALargeRecordABatchOfItsOwn() {
        add(100, 0);
        add(5_000, 0);
        add(100, 0);

        assertThat(begun).hasSize(3);
        assertThat(accumulator.pollReady(0)).isPresent();
        assertThat(accumulator.pollReady(0).map(PendingBatch::estimatedBytes))
                .hasValueSatisfying(bytes -> assertThat(bytes).isGreaterThan(5_000));
    }

    @Test
    void shouldRefuseARecordLargerThanItsTopicTakes() {
        assertThatThrownBy(() -> add(10_001, 0))
                .isInstanceOfSatisfying(LogException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.RECORD_TOO_LARGE));
        assertThat(accumulator.isEmpty()).isTrue();
    }

    @Test
    void shouldKeepRecordsWhenABatchIsNumberedAnew() {
        add(100, 0);
        add(50, 0);
        PendingBatch batch = accumulator.pollReady(5 * MILLI).orElseThrow();
        batch.number(new ProducerIdentity(1, (short) 0), 40);
        List<?> before = RecordBatch.at(batch.bytes(), 0).records();

        batch.number(new ProducerIdentity(2, (short) 0), 0);

        RecordBatch renumbered = RecordBatch.at(batch.bytes(), 0);
        renumbered.checkCrc();
        assertThat(renumbered.producerId()).isEqualTo(2);
        assertThat(renumbered.baseSequence()).isZero();
        assertThat(renumbered.records()).isEqualTo(before);
    }

    @Test
    void shouldNeverUnderestimateARecord() {
        ProducerRecord record = ProducerRecord.of("t", new byte[10], new byte[300])
                .withHeaders(List.of(new io.flotilla.protocol.record.RecordHeader("größe", new byte[7])));
        PendingBatch batch = new PendingBatch(Compression.NONE, 2_000, 0);

        var unused = batch.tryAppend(record, 0, 0);

        assertThat(Accumulator.sizeOf(record))
                .isGreaterThanOrEqualTo(batch.estimatedBytes() - RecordBatch.HEADER_BYTES);
    }

    private void add(int valueBytes, long nowNanos) {
        var unused = accumulator.add(ProducerRecord.of("t", null, new byte[valueBytes]), 0, valueBytes, nowNanos);
    }
}
