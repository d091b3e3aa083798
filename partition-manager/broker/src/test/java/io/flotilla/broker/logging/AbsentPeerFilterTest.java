package io.flotilla.broker.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.junit.jupiter.api.Test;

class AbsentPeerFilterTest {
    private final AbsentPeerFilter filter = new AbsentPeerFilter();

    @Test
    void shouldDropRefusalsOfPeersThatAreStillOpening() {
        var refusal = new CompletionException(new ServerNotReadyException("opening"));

        assertThat(filter.decide(event("org.apache.ratis.server.RaftServer$Division", Level.ERROR, refusal)))
                .isEqualTo(FilterReply.DENY);
    }

    @Test
    void shouldDropWarningsAboutConnections() {
        assertThat(filter.decide(
                        event("org.apache.ratis.grpc.server.GrpcLogAppender", Level.WARN, new IOException("refused"))))
                .isEqualTo(FilterReply.DENY);
    }

    @Test
    void shouldKeepEveryOtherErrorOfTheLibrary() {
        var damage = new IOException("checksum");

        assertThat(filter.decide(event("org.apache.ratis.server.RaftServer$Division", Level.ERROR, damage)))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(filter.decide(event("org.apache.ratis.grpc.server.GrpcLogAppender", Level.ERROR, damage)))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void shouldLeaveOurOwnLinesAlone() {
        assertThat(filter.decide(event("io.flotilla.broker.Broker", Level.WARN, new ServerNotReadyException("x"))))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    private static LoggingEvent event(String logger, Level level, Throwable thrown) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setLevel(level);
        event.setThrowableProxy(new ThrowableProxy(thrown));
        return event;
    }
}
