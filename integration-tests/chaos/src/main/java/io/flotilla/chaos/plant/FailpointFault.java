package io.flotilla.chaos.plant;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * N28: a place between two durable steps fails. Parameters: {@code point}, by default one of those passed all the time, which
 * the seed chooses; {@code action}, {@code exception}, {@code halt} or {@code sleep}; {@code after}, passes that go well first,
 * 0 to 1,000,000; {@code times}, how many fail then, 1 by default; {@code sleep.ms}, 0 to 60,000, 300 by default.
 */
final class FailpointFault implements LingeringFault {
    private static final long PASSES_MAX = 1_000_000;
    private static final long SLEEP_MILLIS = 300;
    private static final long SLEEP_MILLIS_MAX = 60_000;
    private static final Duration HIT_TIMEOUT = Duration.ofSeconds(20);
    private static final AtomicInteger ORDERS = new AtomicInteger();

    /** Those that a broker in traffic passes all the time; the others are met at an election, or twice a minute. */
    private static final List<Failpoint> USUAL = List.of(
            Failpoint.RAFT_LOG_APPEND,
            Failpoint.RAFT_LOG_SYNC,
            Failpoint.RAFT_LOG_SYNCED,
            Failpoint.SEGMENT_APPEND,
            Failpoint.INDEX_WRITE,
            Failpoint.APPLIED,
            Failpoint.REPLY);

    private final Site site;
    private final Hits hits;
    private final FaultSpec spec;
    private final long seed;
    private final FailpointOrder order;
    private final Map<Integer, Long> victims = new LinkedHashMap<>();

    FailpointFault(Site site, Hits hits, FaultSpec spec, long seed) {
        this.site = site;
        this.hits = hits;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        Failpoint chosen = USUAL.get(new Random(seed).nextInt(USUAL.size()));
        try {
            this.order = new FailpointOrder(
                    ORDERS.incrementAndGet(),
                    Failpoint.parse(parameters.text("point", chosen.id())),
                    FailpointOrder.Action.valueOf(parameters
                            .choice("action", "exception", "halt", "sleep")
                            .toUpperCase(Locale.ROOT)),
                    parameters.number("after", 0, 0, PASSES_MAX),
                    parameters.number("times", 1, 1, PASSES_MAX),
                    parameters.number("sleep.ms", SLEEP_MILLIS, 0, SLEEP_MILLIS_MAX));
        } catch (IllegalArgumentException wrong) {
            throw new FaultException("parameters of " + spec.id() + ": " + wrong.getMessage(), wrong);
        }
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> chosen = site.roles().resolve(spec.target(), seed);
        try {
            for (int id : chosen) {
                long pid = site.cluster().pid(id);
                // An exception, too, ends a broker when the disk seems to be the reason.
                site.cluster().expectExit(id);
                victims.put(id, pid);
                order.give(hits.folder(), pid);
            }
        } catch (IOException failure) {
            throw new FaultException("cannot give the order '" + order + "'", failure);
        }
        return chosen;
    }

    @Override
    public String verify() {
        Site.await(
                HIT_TIMEOUT,
                "a pass of failpoint " + order.point().id() + " on " + Site.names(List.copyOf(victims.keySet())),
                () -> failures() > 0,
                () -> "none after the order '" + order + "'");
        return failures() + " times at " + order.point().id();
    }

    /** Failed passes of the processes that were struck. */
    private long failures() {
        return victims.values().stream().mapToLong(this::failuresOf).sum();
    }

    private long failuresOf(long pid) {
        try {
            return hits.of(order.point().id(), pid);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A broker that lost a replica by an exception is started anew, as an operator would. */
    @Override
    public void disarm() {
        try {
            for (Map.Entry<Integer, Long> victim : victims.entrySet()) {
                FailpointOrder.takeBack(hits.folder(), victim.getValue());
                boolean same = site.cluster().isRunning(victim.getKey())
                        && site.cluster().pid(victim.getKey()) == victim.getValue();
                if (same && order.action() == FailpointOrder.Action.EXCEPTION && failuresOf(victim.getValue()) > 0) {
                    site.kill(List.of(victim.getKey()));
                }
            }
        } catch (IOException failure) {
            throw new FaultException("cannot take the order '" + order + "' back", failure);
        }
        site.launch(victims.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(victims.keySet());
    }
}
