package io.flotilla.metadata;

/**
 * What a broker is good for at present. A start of the broker does not change it, but for a fence, which it ends.
 *
 * @param draining       an operator wants no leaderships and no new replicas on it; those it has stay
 * @param leaving        a decommission takes its replicas away; it gets no new ones and no leaderships
 * @param fencedAtMillis since when it has not been heard of, milliseconds since the epoch; 0 while it is
 */
public record BrokerStatus(boolean draining, boolean leaving, long fencedAtMillis) {
    public static final BrokerStatus IN_SERVICE = new BrokerStatus(false, false, 0);

    public boolean isFenced() {
        return fencedAtMillis != 0;
    }

    /** Whether new replicas may be placed there, and leaderships moved there. */
    public boolean isInService() {
        return !draining && !leaving && !isFenced();
    }

    public BrokerStatus withDraining(boolean changed) {
        return new BrokerStatus(changed, leaving, fencedAtMillis);
    }

    public BrokerStatus withLeaving(boolean changed) {
        return new BrokerStatus(draining, changed, fencedAtMillis);
    }

    /** @param sinceMillis 0 to end the fence */
    public BrokerStatus fencedSince(long sinceMillis) {
        return new BrokerStatus(draining, leaving, sinceMillis);
    }
}
