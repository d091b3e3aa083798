package io.flotilla.chaos.fault;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The kinds of faults that are possible with a cluster, each with its maker. What is not possible has a reason instead.
 *
 * <p>Threading: filled before the run, by one thread.
 */
public final class FaultRegistry {
    private final Map<FaultId, FaultMaker> makers = new EnumMap<>(FaultId.class);
    private final Map<FaultId, String> reasons = new EnumMap<>(FaultId.class);

    /** Adds a kind, or puts another maker in the place of the one it has. */
    public void put(FaultId id, FaultMaker maker) {
        makers.put(id, maker);
        reasons.remove(id);
    }

    /** Takes a kind away, and says why it is not possible. */
    public void exclude(FaultId id, String reason) {
        makers.remove(id);
        reasons.put(id, reason);
    }

    public Set<FaultId> possible() {
        return makers.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(makers.keySet()));
    }

    /** Why kinds that were looked at are not possible. */
    public Map<FaultId, String> reasons() {
        return Collections.unmodifiableMap(reasons);
    }

    /** @throws FaultException if the kind is not possible, and why, or a parameter is wrong */
    public Fault make(FaultSpec spec, long seed) {
        FaultMaker maker = makers.get(spec.id());
        if (maker == null) {
            throw new FaultException(spec.id() + " is not possible here: "
                    + reasons.getOrDefault(spec.id(), "this backend does not have it") + "; possible are "
                    + makers.keySet());
        }
        return maker.make(spec, seed);
    }
}
