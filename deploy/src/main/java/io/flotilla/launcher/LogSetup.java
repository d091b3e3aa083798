package io.flotilla.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.flotilla.broker.logging.AbsentPeerFilter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Configures logging without XML, which costs a short command a third of its start: lines go to stderr, at the level
 * that fits the command or that {@code FLOTILLA_LOG_LEVEL} names. {@code -Dlogback.configurationFile=…} takes over.
 *
 * <p>{@code FLOTILLA_LOG_LEVEL} is a level, or levels by logger: {@code info,org.apache.ratis=debug}.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    static final String LEVELS_VARIABLE = "FLOTILLA_LOG_LEVEL";
    /** System property with the level of commands that say nothing else; Logback makes this object, so it reads it. */
    static final String DEFAULT_LEVEL_PROPERTY = "flotilla.log.level";

    private static final String USERS_OWN_FILE = "logback.configurationFile";
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{24} %msg%n";

    /** Libraries that report their inner life as information. */
    private static final Map<String, Level> QUIETER = Map.of(
            "org.apache.ratis", Level.WARN,
            "io.grpc", Level.WARN,
            "io.netty", Level.WARN);

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(USERS_OWN_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(LINE);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        AbsentPeerFilter filter = new AbsentPeerFilter();
        filter.start();
        stderr.addFilter(filter);
        stderr.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        QUIETER.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
        String variable = System.getenv(LEVELS_VARIABLE);
        applyLevels(context, System.getProperty(DEFAULT_LEVEL_PROPERTY, "info"));
        applyLevels(context, variable == null ? "" : variable);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Applies the parts, each a level or {@code logger=level}; what is no level is reported and left out. */
    static void applyLevels(LoggerContext context, String levels) {
        for (String part : levels.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String logger = equals < 0
                    ? Logger.ROOT_LOGGER_NAME
                    : part.substring(0, equals).strip();
            String name = part.substring(equals + 1).strip();
            Level level = Level.toLevel(name, null);
            if (level == null) {
                context.getLogger(LogSetup.class)
                        .warn("{} has no level '{}'; use error, warn, info, debug or trace", LEVELS_VARIABLE, name);
            } else {
                context.getLogger(logger).setLevel(level);
            }
        }
    }
}
