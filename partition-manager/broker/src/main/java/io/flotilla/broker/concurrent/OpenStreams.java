package io.flotilla.broker.concurrent;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams now open, so that an orderly stop can tell their clients.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class OpenStreams {
    /** A stream whose client can be asked to leave. */
    public interface Stream {
        /** Finishes what was begun, sends GoAway and ends the call; returns at once. */
        void goAway();
    }

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    public void opened(Stream stream) {
        streams.add(stream);
        if (closing) {
            stream.goAway();
        }
    }

    public void closed(Stream stream) {
        streams.remove(stream);
    }

    /** Asks every client to leave, those of streams opened from now on included. */
    public void goAway() {
        closing = true;
        streams.forEach(Stream::goAway);
    }

    public int count() {
        return streams.size();
    }
}
