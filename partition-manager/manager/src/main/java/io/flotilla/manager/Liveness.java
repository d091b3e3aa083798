package io.flotilla.manager;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataCommand.FenceBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.raft.PeerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the leader of the metadata last heard of each broker. Kept in its memory alone: a new leader gives every broker a
 * whole session timeout to be heard of.
 *
 * <p>Threading: {@link #heard} may be called by any thread, the rest by one.
 */
public final class Liveness {
    private final Map<PeerId, Long> heardAtMillis = new ConcurrentHashMap<>();

    /** When a broker was first looked at: from then on it has a session timeout to be heard of. */
    private final Map<PeerId, Long> seenAtMillis = new HashMap<>();

    /** @param nowMillis of the clock that {@link #change} is given */
    public void heard(PeerId broker, long nowMillis) {
        heardAtMillis.merge(broker, nowMillis, Math::max);
    }

    /** Forgets all: this process begins to lead, or does so no more. */
    void restart() {
        heardAtMillis.clear();
        seenAtMillis.clear();
    }

    /**
     * A fence that is to be put up or taken down.
     *
     * @param nowMillis  of a clock that never goes back
     * @param wallMillis milliseconds since the epoch
     */
    Optional<FenceBroker> change(MetadataImage image, long nowMillis, long wallMillis, long sessionTimeoutMillis) {
        heardAtMillis.keySet().removeIf(peer -> image.brokerOf(peer).isEmpty());
        seenAtMillis.keySet().removeIf(peer -> image.brokerOf(peer).isEmpty());
        for (BrokerRegistration broker : image.brokers().values()) {
            long seen = seenAtMillis.computeIfAbsent(broker.peerId(), unseen -> nowMillis);
            Optional<Long> heard = Optional.ofNullable(heardAtMillis.get(broker.peerId()));
            long silentMillis = nowMillis - Math.max(seen, heard.orElse(seen));
            boolean fenced = broker.status().isFenced();
            if (!fenced && silentMillis >= sessionTimeoutMillis) {
                long since = Math.max(1, wallMillis - silentMillis);
                return Optional.of(new FenceBroker(broker.id(), broker.directoryId(), since));
            }
            boolean alive = heard.isPresent() && nowMillis - heard.get() < sessionTimeoutMillis;
            if (fenced && alive) {
                return Optional.of(new FenceBroker(broker.id(), broker.directoryId(), 0));
            }
        }
        return Optional.empty();
    }
}
