package io.flotilla.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_TOPIC, 3",
        "TOPIC_ALREADY_EXISTS, 6",
        "INVALID_TOPIC_NAME, 2",
        "BROKER_NOT_AVAILABLE, 4",
        "UNKNOWN_BROKER, 3",
        "UNKNOWN_OPERATION, 3",
        "CONFLICT, 6",
        "UNKNOWN_GROUP, 3",
        "GROUP_NOT_EMPTY, 6",
        "TIMEOUT, 7",
        "NO_QUORUM, 7",
        "STORAGE_FAILURE, 1"
    })
    void shouldKeepItsNumbers(ErrorCode code, int number) {
        assertThat(ExitCode.of(code).number()).isEqualTo(number);
    }

    @Test
    void shouldGiveEachNumberOneMeaning() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldExplainEveryErrorInThreeLines(ErrorCode code) {
        var failure = Failure.of("do it", new Refused(code, "first\n  second"));

        assertThat(failure.text())
                .startsWith("error: cannot do it\n  why: first; second (" + code + ")\n  try: ")
                .hasLineCount(3);
    }

    @Test
    void shouldCallAnythingElseABug() {
        var failure = Failure.of("do it", new IllegalStateException("odd"));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(failure.text()).contains("IllegalStateException: odd", "this is a bug");
    }
}
