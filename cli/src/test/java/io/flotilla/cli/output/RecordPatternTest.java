package io.flotilla.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPatternTest {
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);
    private static final byte[] NOT_UTF_8 = {(byte) 0xff, 0, 0x7f};

    private final ConsumerRecord record = new ConsumerRecord(
            new TopicPartition("orders", 3),
            42,
            1_700_000_000_123L,
            "k1".getBytes(UTF_8),
            "a \"b\"".getBytes(UTF_8),
            List.of(
                    new RecordHeader("trace", "7".getBytes(UTF_8)),
                    new RecordHeader("flag", null),
                    new RecordHeader("trace", "8".getBytes(UTF_8))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%t/%p@%o|orders/3@42",
                "%k=%v|k1=a \"b\"",
                "%v{json}|\"a \\\"b\\\"\"",
                "%k{hex} %k{base64}|6b31 azE=",
                "%d|2023-11-14T22:13:20.123Z",
                "%d{millis}|1700000000123",
                "%h|trace=7,flag,trace=8",
                "100%%|100%",
                "a\\\\b|a\\b",
            })
    void shouldReplaceVerbs(String pattern, String expected) {
        assertThat(new String(written(pattern, record), UTF_8)).isEqualTo(expected);
    }

    @Test
    void shouldUnderstandEscapes() {
        assertThat(written("\\n\\t\\r\\0", record)).containsExactly('\n', '\t', '\r', 0);
    }

    @Test
    void shouldWriteKeysAndValuesByteForByte() {
        var binary = new ConsumerRecord(ORDERS_0, 0, 0, null, NOT_UTF_8, List.of());

        assertThat(written("%v", binary)).isEqualTo(NOT_UTF_8);
    }

    @Test
    void shouldTellNullFromEmptyInJsonOnly() {
        var absent = new ConsumerRecord(ORDERS_0, 0, 0, null, new byte[0], List.of());

        assertThat(new String(written("%k %k{json} %v{json}", absent), UTF_8)).isEqualTo(" null \"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%x", "%", "\\q", "\\", "%v{hex", "%v{yaml}", "%t{hex}", "%d{seconds}", "%h{json}"})
    void shouldRefuseWhatItDoesNotKnow(String pattern) {
        assertThatThrownBy(() -> RecordPattern.parse(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format '" + pattern + "' at character");
    }

    private static byte[] written(String pattern, ConsumerRecord record) {
        var out = new ByteArrayOutputStream();
        try {
            RecordPattern.parse(pattern).write(record, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
