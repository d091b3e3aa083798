package io.flotilla.broker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Drops what the Raft library repeats for every request to or from a peer that is away or still opening its groups:
 * thousands of lines a minute that say nothing new. The broker's own lines tell of the change of state. Everything
 * else of the library passes, its other errors above all.
 */
public final class AbsentPeerFilter extends Filter<ILoggingEvent> {
    private static final String LIBRARY = "org.apache.ratis.";
    private static final String TRANSPORT = "org.apache.ratis.grpc.server.";
    private static final String STILL_OPENING = "org.apache.ratis.protocol.exceptions.ServerNotReadyException";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        String logger = event.getLoggerName();
        if (!logger.startsWith(LIBRARY)) {
            return FilterReply.NEUTRAL;
        }
        boolean aboutConnection =
                logger.startsWith(TRANSPORT) && !event.getLevel().isGreaterOrEqual(Level.ERROR);
        return aboutConnection || isStillOpening(event) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private static boolean isStillOpening(ILoggingEvent event) {
        for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
            if (thrown.getClassName().equals(STILL_OPENING)) {
                return true;
            }
        }
        return false;
    }
}
