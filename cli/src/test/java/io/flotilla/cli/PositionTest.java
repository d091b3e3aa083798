package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Position;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PositionTest {
    private final StartPosition start = new StartPosition();
    private final StopPosition.Converter stop = new StopPosition.Converter();

    @Test
    void shouldUnderstandWhereToStart() {
        assertThat(start.convert("beginning")).isEqualTo(Position.beginning());
        assertThat(start.convert("start")).isEqualTo(Position.beginning());
        assertThat(start.convert("END")).isEqualTo(Position.end());
        assertThat(start.convert("42")).isEqualTo(Position.offset(42));
        assertThat(start.convert("2026-11-22T11:00:00+01:00"))
                .isEqualTo(
                        Position.timestamp(Instant.parse("2026-11-22T10:00:00Z").toEpochMilli()));
    }

    @Test
    void shouldUnderstandWhereToStop() {
        assertThat(stop.convert("end")).isEqualTo(new StopPosition.End());
        assertThat(stop.convert("42")).isEqualTo(new StopPosition.BeforeOffset(42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "yesterday", "2026-11-22", "9223372036854775808", "1969-01-01T00:00:00Z"})
    void shouldRefuseOtherPositions(String text) {
        assertThatThrownBy(() -> start.convert(text)).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> stop.convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
