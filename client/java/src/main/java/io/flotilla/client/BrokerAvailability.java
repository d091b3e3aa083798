package io.flotilla.client;

import java.time.Instant;
import java.util.Optional;

/**
 * What a broker is good for at present.
 *
 * @param draining    an operator wants no leaderships and no new replicas there; those it has stay
 * @param leaving     a decommission takes its replicas away
 * @param fencedSince since when the cluster has not heard of it; empty while it does
 */
public record BrokerAvailability(boolean draining, boolean leaving, Optional<Instant> fencedSince) {
    public static final BrokerAvailability IN_SERVICE = new BrokerAvailability(false, false, Optional.empty());

    /** Whether it takes leaderships and new replicas. */
    public boolean isInService() {
        return !draining && !leaving && fencedSince.isEmpty();
    }
}
