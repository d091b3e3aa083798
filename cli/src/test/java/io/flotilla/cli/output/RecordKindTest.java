package io.flotilla.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.RecordHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordKindTest {
    private final ConsumerRecord record = new ConsumerRecord(
            new TopicPartition("orders", 3),
            42,
            0,
            "schlüssel".getBytes(UTF_8),
            new byte[] {(byte) 0xc3},
            List.of(new RecordHeader("flag", null)));

    @Test
    void shouldBeTextInJsonWhereItIsUtf8AndBase64WhereNot() {
        assertThat(Json.compact(RecordKind.fieldsOf(record)))
                .isEqualTo("{\"topic\":\"orders\",\"partition\":3,\"offset\":42,\"timestamp\":\"1970-01-01T00:00:00Z\","
                        + "\"key\":\"schlüssel\",\"valueBase64\":\"ww==\","
                        + "\"headers\":[{\"key\":\"flag\",\"value\":null}]}");
    }

    @Test
    void shouldBeNamedByItsPlace() {
        assertThat(RecordKind.nameOf(record)).isEqualTo("orders/3@42");
    }
}
