package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * N10: no more than {@code kbit}, 64 to 10,000 kbit/s, pass on each link to or from the targets, {@code direction}, and
 * with {@code clients=true} on those of clients.
 */
final class NarrowLinks extends LinkFault {
    private static final int BYTES_PER_KBIT = 125;

    private final long bytesPerSecond;
    private final String direction;
    private final boolean clients;

    NarrowLinks(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.bytesPerSecond = BYTES_PER_KBIT * parameters().number("kbit", 1_000, 64, 10_000);
        this.direction = parameters().choice("direction", "both", "inbound", "outbound");
        this.clients = parameters().choice("clients", "false", "true").equals("true");
        parameters().requireAllKnown();
    }

    @Override
    public List<Integer> arm() {
        SortedSet<Integer> group = targeted();
        List<Integer> others = new ArrayList<>(links().nodes());
        if (clients) {
            others.add(Links.CLIENTS);
        }
        claim(ways(direction, group, others).stream().distinct().toList(), rule -> rule.withRate(bytesPerSecond));
        return List.copyOf(group);
    }

    @Override
    public String verify() {
        return proofBy("narrowed", LinkCounters::narrowed);
    }
}
