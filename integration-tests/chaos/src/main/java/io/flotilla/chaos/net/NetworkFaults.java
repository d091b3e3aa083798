package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import java.util.Set;

/** The faults of links, for whatever can cut and bend links. */
public final class NetworkFaults {
    /** The kinds that links show even if they pass on streams. */
    public static final Set<FaultId> OF_STREAMS = Set.of(
            FaultId.PARTITION,
            FaultId.PARTITION_ONE_WAY,
            FaultId.PARTIAL_PARTITION,
            FaultId.RESET,
            FaultId.SLOW_LINK,
            FaultId.NARROW_LINK,
            FaultId.SWIZZLE);

    private NetworkFaults() {}

    /**
     * Adds them to a registry.
     *
     * @param packets whether the links carry packets, which can be lost, rather than streams
     */
    public static void register(FaultRegistry registry, Links links, Victims victims, boolean packets) {
        LinkClaims claims = new LinkClaims(links);
        registry.put(FaultId.PARTITION, (spec, seed) -> new Partition(spec, seed, claims, victims));
        registry.put(FaultId.PARTITION_ONE_WAY, (spec, seed) -> new OneWayPartition(spec, seed, claims, victims));
        registry.put(FaultId.PARTIAL_PARTITION, (spec, seed) -> new PartialPartition(spec, seed, claims, victims));
        registry.put(FaultId.RESET, (spec, seed) -> new ResetLinks(spec, seed, claims, victims));
        registry.put(FaultId.SLOW_LINK, (spec, seed) -> new SlowLinks(spec, seed, claims, victims));
        registry.put(FaultId.NARROW_LINK, (spec, seed) -> new NarrowLinks(spec, seed, claims, victims));
        registry.put(FaultId.SWIZZLE, (spec, seed) -> new Swizzle(spec, seed, claims, victims));
        if (packets) {
            registry.put(FaultId.LOSSY_LINK, (spec, seed) -> new LossyLinks(spec, seed, claims, victims));
        } else {
            registry.exclude(
                    FaultId.LOSSY_LINK,
                    "proxies pass on streams, which have no packets that could be lost; use network namespaces, as root");
        }
    }
}
