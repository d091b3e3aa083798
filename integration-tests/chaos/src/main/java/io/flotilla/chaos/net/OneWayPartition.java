package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * N5: the targets hear nobody, {@code direction=inbound}, or nobody hears them, {@code outbound}. With {@code
 * clients=true} that goes for clients, too.
 */
final class OneWayPartition extends LinkFault {
    private final String direction;
    private final boolean clients;

    OneWayPartition(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.direction = parameters().choice("direction", "inbound", "outbound");
        this.clients = parameters().choice("clients", "false", "true").equals("true");
        parameters().requireAllKnown();
    }

    @Override
    public List<Integer> arm() {
        SortedSet<Integer> group = targeted();
        List<Integer> others = new ArrayList<>(others(group));
        if (clients) {
            others.add(Links.CLIENTS);
        }
        claim(ways(direction, group, others), LinkRule::withCut);
        return List.copyOf(group);
    }

    @Override
    public String verify() {
        return proofOfSilence();
    }
}
