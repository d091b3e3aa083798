package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.RaftObserver;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was not let in, counted by reason. Each reason is logged the first time and then at powers of two, so that a
 * stranger who knocks all day does not fill the log.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    enum Reason {
        /** Not our frames at all, or damaged. */
        MALFORMED,
        /** A frame longer than any of ours. */
        TOO_LONG,
        OTHER_VERSION,
        OTHER_REALM,
        /** Plain text to a server that speaks TLS, or TLS to one that does not. */
        OTHER_ENCRYPTION,
        /**
         * A certificate of another authority, out of its time or missing, on either side; or what arrived is no TLS that
         * both sides speak.
         */
        TLS_FAILED,
        /** A good certificate, but of another server than this one says it is. */
        WRONG_CERTIFICATE,
        /** Meant for another server: an address that was given away again. */
        OTHER_TARGET,
        /** Not a member of any group here. */
        UNKNOWN_PEER,
        UNKNOWN_GROUP,
        /** A message in the name of another than the sender. */
        WRONG_NAME,
        /** More than can be taken in. */
        OVERLOADED;

        private final String label = name().toLowerCase(Locale.ROOT);

        String label() {
            return label;
        }
    }

    private final Map<Reason, AtomicLong> counts = new EnumMap<>(Reason.class);

    private final RaftObserver observer;

    Refusals() {
        this(RaftObserver.NONE);
    }

    Refusals(RaftObserver observer) {
        this.observer = observer;
        for (Reason reason : Reason.values()) {
            counts.put(reason, new AtomicLong());
        }
    }

    void refused(Reason reason, Object from, String detail) {
        long count = counter(reason).incrementAndGet();
        observer.refused(reason.label);
        if (Long.bitCount(count) == 1) {
            LOG.warn("refused on the Raft port reason={} from={} count={}: {}", reason, from, count, detail);
        }
    }

    long count(Reason reason) {
        return counter(reason).get();
    }

    private AtomicLong counter(Reason reason) {
        AtomicLong counter = counts.get(reason);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + reason);
        }
        return counter;
    }
}
