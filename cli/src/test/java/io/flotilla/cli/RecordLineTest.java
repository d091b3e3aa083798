package io.flotilla.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecordLineTest {

    @Test
    void shouldGiveEveryLineTheFixedKey() {
        var line = RecordLine.parse(bytes("a=b"), RecordLine.rule("k", null));

        assertThat(line.key()).isEqualTo(bytes("k"));
        assertThat(line.value()).isEqualTo(bytes("a=b"));
    }

    @Test
    void shouldSplitAtTheFirstSeparator() {
        var line = RecordLine.parse(bytes("a::b::c"), RecordLine.rule(null, "::"));

        assertThat(line.key()).isEqualTo(bytes("a"));
        assertThat(line.value()).isEqualTo(bytes("b::c"));
    }

    @Test
    void shouldTellAnEmptyKeyFromNone() {
        var rule = RecordLine.rule(null, "=");

        assertThat(RecordLine.parse(bytes("=b"), rule).key()).isEmpty();
        assertThat(RecordLine.parse(bytes("b"), rule).key()).isNull();
        assertThat(RecordLine.parse(bytes("b="), rule).value()).isEmpty();
    }

    @Test
    void shouldRefuseAnEmptySeparator() {
        assertThatThrownBy(() -> RecordLine.rule(null, "")).hasMessageContaining("--key-separator");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
