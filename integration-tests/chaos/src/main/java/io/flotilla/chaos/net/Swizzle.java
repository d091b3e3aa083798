package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * N11: the links of the targets are cut one by one, {@code gap.ms}, 0 to 5,000, apart, and heal in another order, as in
 * the swizzle-clogging of FoundationDB's tests. With three targets of three brokers or with {@code clients=true} there is a
 * time at which nothing works.
 */
final class Swizzle extends LinkFault {
    private final long gapNanos;
    private final boolean clients;

    Swizzle(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.gapNanos = TimeUnit.MILLISECONDS.toNanos(parameters().number("gap.ms", 200, 0, 5_000));
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
        List<Way> order =
                new ArrayList<>(ways("both", group, others).stream().distinct().toList());
        Collections.shuffle(order, random());
        for (Way way : order) {
            claim(List.of(way), LinkRule::withCut);
            LockSupport.parkNanos(gapNanos);
        }
        return List.copyOf(group);
    }

    @Override
    public String verify() {
        return proofOfSilence();
    }

    @Override
    public void disarm() {
        List<Way> order = new ArrayList<>(claimed());
        Collections.shuffle(order, random());
        for (Way way : order) {
            release(way);
            LockSupport.parkNanos(gapNanos);
        }
    }
}
