package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.net.LinkClaims.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the faults of links have in common: they claim links when they are armed, prove themselves by what these links
 * counted since then, and give the links back.
 */
abstract class LinkFault implements Fault {
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(8);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    /** A directed link. */
    record Way(int from, int to) {
        @Override
        public String toString() {
            return name(from) + "->" + name(to);
        }

        private static String name(int end) {
            return end == Links.CLIENTS ? "clients" : Integer.toString(end);
        }
    }

    private final FaultSpec spec;
    private final LinkClaims claims;
    private final Victims victims;
    private final long seed;
    private final Map<Way, LinkCounters> before = new LinkedHashMap<>();
    private final Map<Way, Claim> claimed = new LinkedHashMap<>();
    private final Parameters parameters;

    LinkFault(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        this.spec = spec;
        this.seed = seed;
        this.claims = claims;
        this.victims = victims;
        this.parameters = Parameters.of(spec);
    }

    @Override
    public final FaultSpec spec() {
        return spec;
    }

    final Parameters parameters() {
        return parameters;
    }

    final Links links() {
        return claims.links();
    }

    /** The brokers that are targeted now. */
    final SortedSet<Integer> targeted() {
        return new TreeSet<>(victims.resolve(spec.target(), seed));
    }

    /** All brokers but these. */
    final SortedSet<Integer> others(SortedSet<Integer> brokers) {
        SortedSet<Integer> others = new TreeSet<>(links().nodes());
        others.removeAll(brokers);
        return others;
    }

    /** For what the order leaves open; the same at each call. */
    final Random random() {
        return new Random(seed);
    }

    /** All ways from one group to the other, none of which leads from a broker to itself. */
    static List<Way> ways(Iterable<Integer> from, Iterable<Integer> to) {
        List<Way> ways = new ArrayList<>();
        for (int one : from) {
            for (int other : to) {
                if (one != other) {
                    ways.add(new Way(one, other));
                }
            }
        }
        return ways;
    }

    /** The ways in one, the other, or both directions, as the word says: {@code both}, {@code inbound}, {@code outbound}. */
    static List<Way> ways(String direction, Iterable<Integer> group, Iterable<Integer> others) {
        List<Way> ways = new ArrayList<>();
        if (!direction.equals("outbound")) {
            ways.addAll(ways(others, group));
        }
        if (!direction.equals("inbound")) {
            ways.addAll(ways(group, others));
        }
        return ways;
    }

    /** Claims these ways, which are then judged by their counters. */
    final void claim(List<Way> ways, UnaryOperator<LinkRule> wish) {
        if (ways.isEmpty()) {
            throw new FaultException(
                    spec.id() + " of " + spec.target() + " leaves no link to strike; take fewer brokers");
        }
        for (Way way : ways) {
            before.putIfAbsent(way, links().counters(way.from(), way.to()));
            claimed.put(way, claim(way, wish));
        }
    }

    private Claim claim(Way way, UnaryOperator<LinkRule> wish) {
        try {
            return claims.claim(way.from(), way.to(), wish);
        } catch (UnsupportedOperationException impossible) {
            throw new FaultException(spec.id() + " is not possible here: " + impossible.getMessage(), impossible);
        }
    }

    /** Gives one way back. */
    final void release(Way way) {
        Claim claim = claimed.remove(way);
        if (claim != null) {
            claims.release(claim);
        }
    }

    /** The ways claimed now. */
    final List<Way> claimed() {
        return List.copyOf(claimed.keySet());
    }

    /**
     * Waits until the links have counted something since the fault was armed; tells how much.
     *
     * @throws FaultException if they have not in time
     */
    final String proofBy(String what, ToLongFunction<LinkCounters> counter) {
        Site.await(
                PROOF_TIMEOUT,
                "anything " + what + " on " + before.keySet(),
                () -> hasCounted(counter),
                () -> "no link counted any");
        return what + " by link: " + counts(counter);
    }

    /** Whether the links have counted something since the fault was armed. */
    final boolean hasCounted(ToLongFunction<LinkCounters> counter) {
        return counts(counter).values().stream().anyMatch(count -> count > 0);
    }

    /**
     * The same, or else by a connection of this fault's own that gets no answer: two brokers need not have anything to
     * tell each other.
     */
    final String proofOfSilence() {
        try {
            if (!links().count()) {
                throw new FaultException("these links do not count what they stop");
            }
            return proofBy("stopped", LinkCounters::stopped);
        } catch (FaultException quiet) {
            Way way = claimed().stream()
                    .filter(candidate -> candidate.to() != Links.CLIENTS)
                    .findFirst()
                    .orElseThrow(() -> quiet);
            if (links().probe(way.from(), way.to(), PROBE_TIMEOUT).isPresent()) {
                throw new FaultException("a connection " + way + " was answered though the link is cut", quiet);
            }
            return "nothing was counted on " + claimed() + "; a connection " + way + " got no answer within "
                    + PROBE_TIMEOUT.toMillis() + " ms";
        }
    }

    private Map<Way, Long> counts(ToLongFunction<LinkCounters> counter) {
        return before.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> counter.applyAsLong(links().counters(
                                        entry.getKey().from(), entry.getKey().to())
                                .since(entry.getValue())),
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    @Override
    public void disarm() {
        claimed().forEach(this::release);
    }
}
