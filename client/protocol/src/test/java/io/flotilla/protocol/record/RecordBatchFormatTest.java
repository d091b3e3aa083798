package io.flotilla.protocol.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The stored form, pinned by examples that outlive the code: a batch once written must stay readable. */
class RecordBatchFormatTest {
    private static final List<LogRecord> RECORDS = List.of(
            new LogRecord(
                    42,
                    1_790_000_000_000L,
                    "order-1".getBytes(UTF_8),
                    "placed".getBytes(UTF_8),
                    List.of(new RecordHeader("trace", new byte[] {0x0a, 0x1b}), new RecordHeader("empty", null))),
            new LogRecord(43, 1_790_000_000_250L, null, new byte[0], List.of()),
            new LogRecord(44, 1_789_999_999_900L, new byte[0], null, List.of()),
            new LogRecord(
                    45,
                    1_790_000_000_251L,
                    "order-1".getBytes(UTF_8),
                    "shipped ".repeat(16).getBytes(UTF_8),
                    List.of()));

    @Test
    void shouldReadTheStoredExample() throws IOException {
        ByteBuffer stored = ByteBuffer.wrap(HexFormat.of()
                .parseHex(String.join("", lines("record-batch-v2.hex")).replace(" ", "")));

        RecordBatch batch = BatchValidator.validate(stored, stored.remaining());

        assertThat(batch.baseOffset()).isEqualTo(42);
        assertThat(batch.sizeInBytes()).isEqualTo(258);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(7);
        assertThat(batch.magic()).isEqualTo((byte) 2);
        assertThat(batch.crc()).isEqualTo(0x9155788a);
        assertThat(batch.attributes()).isZero();
        assertThat(batch.lastOffsetDelta()).isEqualTo(3);
        assertThat(batch.lastOffset()).isEqualTo(45);
        assertThat(batch.baseTimestamp()).isEqualTo(1_790_000_000_000L);
        assertThat(batch.maxTimestamp()).isEqualTo(1_790_000_000_251L);
        assertThat(batch.producerId()).isEqualTo(4711);
        assertThat(batch.producerEpoch()).isEqualTo((short) 3);
        assertThat(batch.baseSequence()).isEqualTo(1234);
        assertThat(batch.lastSequence()).isEqualTo(1237);
        assertThat(batch.recordCount()).isEqualTo(4);
        assertThat(batch.records()).isEqualTo(RECORDS).isEqualTo(KafkaBatches.decode(stored));
    }

    @Test
    void shouldWriteTheStoredExample() throws IOException {
        ByteBuffer written = Batches.of(Compression.NONE, RECORDS);

        RecordBatch.place(written, 0, 42, 7);

        assertThat(HexFormat.of().formatHex(Batches.bytes(written)))
                .isEqualTo(String.join("", lines("record-batch-v2.hex")).replace(" ", ""));
    }

    @Test
    void shouldReadTheStoredExampleOfEveryCodec() throws IOException {
        List<String> examples = lines("record-batch-v2-compressed.hex");
        assertThat(examples).hasSize(Compression.values().length - 1);
        for (String example : examples) {
            List<String> nameAndBytes = List.of(example.split(" "));
            ByteBuffer stored = ByteBuffer.wrap(HexFormat.of().parseHex(nameAndBytes.get(1)));

            RecordBatch batch = BatchValidator.validate(stored, stored.remaining());

            assertThat(batch.compression()).isEqualTo(Compression.ofName(nameAndBytes.get(0)));
            assertThat(batch.records()).as(example).isEqualTo(RECORDS).isEqualTo(KafkaBatches.decode(stored));
        }
    }

    /** The file's lines without comments and blank ones. */
    private static List<String> lines(String resource) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(RecordBatchFormatTest.class.getResourceAsStream(resource), resource)) {
            return new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toList());
        }
    }
}
