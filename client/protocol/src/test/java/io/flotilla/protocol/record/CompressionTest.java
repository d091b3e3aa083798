package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.Arrays;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    @Test
    void shouldHaveTheIdsAndNamesThatKafkaHas() {
        assertThat(Compression.values())
                .extracting(compression -> compression.id() + "=" + compression)
                .containsExactlyElementsOf(Arrays.stream(CompressionType.values())
                        .map(type -> type.id + "=" + type.name)
                        .toList());
    }

    @Test
    void shouldFindEachCodecByIdAndName() {
        assertThat(Compression.values()).allSatisfy(compression -> {
            assertThat(Compression.ofId(compression.id())).isSameAs(compression);
            assertThat(Compression.ofName(compression.toString())).isSameAs(compression);
            assertThat(Compression.ofName(compression.name())).isSameAs(compression);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, 7})
    void shouldRefuseAnUnknownId(int id) {
        assertThatThrownBy(() -> Compression.ofId(id)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION);
            assertThat(refused.details()).containsEntry("codec", Integer.toString(id));
        });
    }

    @Test
    void shouldRefuseAnUnknownName() {
        assertThatThrownBy(() -> Compression.ofName("brotli")).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION);
            assertThat(refused).hasMessageContaining("brotli");
        });
    }
}
