package io.flotilla.broker.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternTest {
    @Test
    void shouldMatchWholeNames() {
        TopicPattern orders = TopicPattern.compile("orders-(eu|us)");

        assertThat(orders.matches("orders-eu")).isTrue();
        assertThat(orders.matches("orders-eu-old")).isFalse();
        assertThat(orders.matches("my-orders-eu")).isFalse();
        assertThat(TopicPattern.compile("(?i)ORDERS.*").matches("orders")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders[", // malformed
                "(a)\\1", // not of RE2
                "a{1001}",
                "((a{100}){100}){100}", // 1,000,000 instructions
                "((a{1000}){1000}){1000}", // more than memory holds
                "(((((a|b|c|d){10}){10}|e){2}f){2}g){3}",
            })
    void shouldRefuseWhatIsMalformedOrCostsTooMuch(String pattern) {
        assertThatThrownBy(() -> TopicPattern.compile(pattern))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining("the topic pattern '" + pattern + "' is refused");
    }

    @Test
    void shouldRefuseALongText() {
        assertThatThrownBy(() -> TopicPattern.compile("a".repeat(250)))
                .hasMessageContaining("it has 250 characters, at most 249 are taken");
    }

    @Test
    void shouldBoundTheProgram() {
        assertThatThrownBy(() -> TopicPattern.compile("(abcdefghij){300}"))
                .hasMessageContaining("at most 2000 are taken; repeat less");
    }

    /** Nested repetition, which makes matchers that try all ways take for ever. */
    @Test
    void shouldTakeNoLongerForNestedRepetition() {
        assertThat(TopicPattern.compile("(a+)+b").matches("a".repeat(249))).isFalse();
    }
}
