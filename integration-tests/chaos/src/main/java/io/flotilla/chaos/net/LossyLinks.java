package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.List;
import java.util.SortedSet;

/**
 * N9: of the packets between the targets and all other brokers {@code loss.percent}, 0 to 50, vanish and {@code
 * duplicate.percent}, 0 to 20, arrive twice.
 */
final class LossyLinks extends LinkFault {
    private final double lost;
    private final double doubled;

    LossyLinks(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.lost = parameters().decimal("loss.percent", 10, 0, 50) / 100;
        this.doubled = parameters().decimal("duplicate.percent", 5, 0, 20) / 100;
        parameters().requireAllKnown();
    }

    @Override
    public List<Integer> arm() {
        SortedSet<Integer> group = targeted();
        claim(ways("both", group, links().nodes()).stream().distinct().toList(), rule -> rule.withLoss(lost, doubled));
        return List.copyOf(group);
    }

    @Override
    public String verify() {
        String proof = lost > 0 ? proofBy("lost", LinkCounters::lost) : "";
        return doubled > 0 ? proof + " " + proofBy("doubled", LinkCounters::doubled) : proof;
    }
}
