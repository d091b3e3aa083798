package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;

/**
 * N8: what the targets send, receive, or both, {@code direction}, is late by {@code delay.ms}, 1 to 3,000, and up to {@code
 * jitter.ms} more, 0 to 3,000; with {@code clients=true} what clients send and receive, too.
 */
final class SlowLinks extends LinkFault {
    private static final long MILLIS_MAX = 3_000;

    private final long delayNanos;
    private final long jitterNanos;
    private final String direction;
    private final boolean clients;

    SlowLinks(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.delayNanos = TimeUnit.MILLISECONDS.toNanos(parameters().number("delay.ms", 200, 1, MILLIS_MAX));
        this.jitterNanos = TimeUnit.MILLISECONDS.toNanos(parameters().number("jitter.ms", 50, 0, MILLIS_MAX));
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
        claim(
                ways(direction, group, others).stream().distinct().toList(),
                rule -> rule.withDelay(delayNanos, jitterNanos));
        return List.copyOf(group);
    }

    @Override
    public String verify() {
        return proofBy("late", LinkCounters::late);
    }
}
