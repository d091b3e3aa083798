package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.GzipCompression;
import org.apache.kafka.common.compress.Lz4Compression;
import org.apache.kafka.common.compress.ZstdCompression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the codec to the one of kafka-clients. With the default settings the batches are equal byte for byte, for every
 * codec: both sides use the same libraries with the same levels and block sizes, and no codec's output depends on the
 * portions in which its input came. Other levels differ by design and are proven by decoding.
 */
class KafkaEqualityTest {
    private static final int SEEDS = 60;
    private static final int RECORDS_MAX = 60;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldBuildTheBytesThatKafkaBuilds(Compression compression) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<LogRecord> records = new RandomRecords(seed).next(RECORDS_MAX);

            ByteBuffer ours = Batches.of(compression, records);
            ByteBuffer theirs = KafkaBatches.of(compression, records);

            assertThat(Batches.bytes(ours)).as("seed %d", seed).isEqualTo(Batches.bytes(theirs));
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldReadWhatKafkaBuilt(Compression compression) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<LogRecord> records = new RandomRecords(seed).next(RECORDS_MAX);
            ByteBuffer theirs = KafkaBatches.of(compression, records);

            RecordBatch batch = BatchValidator.validate(theirs, Batches.MAX_BYTES);

            assertThat(batch.records()).as("seed %d", seed).isEqualTo(records);
            assertThat(batch.compression()).isEqualTo(compression);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldBuildWhatKafkaReads(Compression compression) {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<LogRecord> records = new RandomRecords(seed).next(RECORDS_MAX);

            ByteBuffer ours = Batches.of(compression, records);

            assertThat(KafkaBatches.decode(ours)).as("seed %d", seed).isEqualTo(records);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9})
    void shouldReadEveryLevelOfKafkasCodecs(int level) {
        var codecs = List.of(
                new GzipCompression.Builder().level(level).build(),
                new Lz4Compression.Builder().level(level).build(),
                new ZstdCompression.Builder().level(level).build(),
                new ZstdCompression.Builder().level(22).build());
        List<LogRecord> records = new RandomRecords(level).next(RECORDS_MAX);
        for (var codec : codecs) {
            ByteBuffer theirs = KafkaBatches.of(codec, records, -1, (short) -1, -1);

            RecordBatch batch = BatchValidator.validate(theirs, Batches.MAX_BYTES);

            assertThat(batch.records()).isEqualTo(records);
            assertThat(batch.hasProducer()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldAgreeOnARecordOfSeveralMebibytes(Compression compression) {
        byte[] big = new byte[5 * 1024 * 1024];
        IntStream.range(0, big.length).forEach(i -> big[i] = (byte) (i >> 9));
        List<LogRecord> records = List.of(new LogRecord(0, 1, null, big, List.of()));

        ByteBuffer ours = Batches.of(compression, records);

        assertThat(ours).isEqualTo(KafkaBatches.of(compression, records));
        assertThat(BatchValidator.validate(ours, Batches.MAX_BYTES).records()).isEqualTo(records);
    }

    @Test
    void shouldAgreeOnAHundredThousandHeaders() {
        List<RecordHeader> headers = IntStream.range(0, 100_000)
                .mapToObj(i -> new RecordHeader("h" + i, i % 3 == 0 ? null : new byte[] {(byte) i}))
                .toList();
        List<LogRecord> records = List.of(new LogRecord(0, 1, null, null, headers));

        ByteBuffer ours = Batches.of(Compression.ZSTD, records);

        assertThat(ours).isEqualTo(KafkaBatches.of(Compression.ZSTD, records));
        assertThat(BatchValidator.validate(ours, Batches.MAX_BYTES).records()).isEqualTo(records);
    }

    /** No byte equality here: Kafka counts an unpaired surrogate as 4 bytes, writes 1, and makes a corrupt record. */
    @Test
    void shouldEncodeUnpairedSurrogatesReadably() {
        List<RecordHeader> headers =
                List.of(new RecordHeader("a\uD83Db\uDEA2", null), new RecordHeader("\uD83D", null));

        ByteBuffer ours = Batches.of(Compression.NONE, List.of(new LogRecord(0, 1, null, null, headers)));

        assertThat(KafkaBatches.decode(ours).get(0).headers())
                .isEqualTo(BatchValidator.validate(ours, Batches.MAX_BYTES)
                        .records()
                        .get(0)
                        .headers())
                .extracting(RecordHeader::key)
                .containsExactly("a?b?", "?");
    }
}
