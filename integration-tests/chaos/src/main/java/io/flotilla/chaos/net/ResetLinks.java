package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * N7: connections of the targets, with other brokers and unless {@code clients=false} with clients, are reset, by default
 * every {@code every.ms}, 10 to 60,000; or all are refused, {@code mode=refuse}; or those that are open, or the first that
 * are opened, are left half open, {@code mode=half-open}, until the end.
 */
final class ResetLinks extends LinkFault {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final String mode;
    private final boolean clients;
    private final long everyNanos;
    private final AtomicBoolean over = new AtomicBoolean();
    private List<Way> ways = List.of();
    private @Nullable Thread striker;

    ResetLinks(FaultSpec spec, long seed, LinkClaims claims, Victims victims) {
        super(spec, seed, claims, victims);
        this.mode = parameters().choice("mode", "reset", "refuse", "half-open");
        this.clients = parameters().choice("clients", "true", "false").equals("true");
        this.everyNanos = TimeUnit.MILLISECONDS.toNanos(parameters().number("every.ms", 500, 10, 60_000));
        parameters().requireAllKnown();
    }

    @Override
    public List<Integer> arm() {
        SortedSet<Integer> group = targeted();
        List<Integer> others = new ArrayList<>(others(group));
        ways = new ArrayList<>(ways("both", group, others));
        if (clients) {
            group.forEach(node -> ways.add(new Way(Links.CLIENTS, node)));
        }
        List<Way> claimable = new ArrayList<>(ways);
        if (clients) {
            group.forEach(node -> claimable.add(new Way(node, Links.CLIENTS)));
        }
        switch (mode) {
            case "refuse" -> {
                claim(claimable, LinkRule::withRefusal);
                strike();
            }
            case "half-open" -> {
                claim(claimable, LinkRule::withForgotten);
                repeat(this::forgetUnlessSomeWereThere);
            }
            default -> {
                claim(claimable, rule -> rule);
                repeat(this::strikeAgain);
            }
        }
        return List.copyOf(group);
    }

    /** @param blow answers whether there is to be another one */
    private void repeat(BooleanSupplier blow) {
        Thread started = new Thread(
                () -> {
                    while (!over.get() && blow.getAsBoolean()) {
                        LockSupport.parkNanos(everyNanos);
                    }
                },
                "reset-links");
        started.setDaemon(true);
        started.start();
        striker = started;
    }

    /** Those who have just been reset by something else wait some time before they connect again. */
    private boolean forgetUnlessSomeWereThere() {
        if (hasCounted(LinkCounters::reset)) {
            return false;
        }
        ways.forEach(way -> links().forget(way.from(), way.to()));
        return true;
    }

    private boolean strikeAgain() {
        strike();
        return true;
    }

    private void strike() {
        ways.forEach(way -> links().reset(way.from(), way.to()));
    }

    @Override
    public String verify() {
        return proofBy("reset", LinkCounters::reset);
    }

    @Override
    public void disarm() {
        over.set(true);
        Thread striking = striker;
        if (striking != null) {
            LockSupport.unpark(striking);
            Site.await(END_TIMEOUT, "resets to end", () -> !striking.isAlive(), () -> "they go on");
        }
        super.disarm();
    }
}
