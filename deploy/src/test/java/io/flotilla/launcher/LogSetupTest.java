package io.flotilla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogSetupTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void shouldSetTheRootAndSingleLoggers() {
        LogSetup.applyLevels(context, "info, org.apache.ratis=debug");

        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.INFO);
        assertThat(context.getLogger("org.apache.ratis").getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void shouldLeaveOutWhatIsNoLevel() {
        LogSetup.applyLevels(context, "warn,io.flotilla=loud");

        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.flotilla").getLevel()).isNull();
    }
}
