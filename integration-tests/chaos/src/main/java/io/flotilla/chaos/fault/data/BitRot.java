package io.flotilla.chaos.fault.data;

import io.flotilla.bitrot.BrokerUnits;
import io.flotilla.bitrot.Damage;
import io.flotilla.bitrot.DamagePlan;
import io.flotilla.bitrot.Mutation;
import io.flotilla.bitrot.Unit;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.cluster.Awaiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * N19: stored bytes change. {@code state=stopped}: the broker is killed, damaged and started; {@code state=running}: bytes
 * change under it. {@code count} 1 to 20 units are damaged, of the kind {@code unit} any, replica, metadata, index or
 * identity, by {@code mutations}, all that are possible by default. Not the same unit on two brokers, and not more than a
 * minority of brokers at one time, except with {@code beyond=true}. What is not healed {@code heal.ms}, 15,000 by default,
 * after the end was asked for is put right then, since a broker may look at its full segments only next week.
 */
public final class BitRot implements LingeringFault {
    private static final long HEAL_MILLIS_MAX = 600_000;
    private static final Path NO_COPY = Path.of("/nonexistent");
    private static final Set<Mutation> IN_PLACE = EnumSet.of(Mutation.FLIP, Mutation.ZERO);

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final boolean running;
    private final int count;
    private final String unit;
    private final List<Mutation> mutations;
    private final boolean beyond;
    private final Duration heal;
    private final SortedMap<Integer, List<Damage>> damages = new TreeMap<>();
    private final List<String> proofs = new ArrayList<>();
    private boolean armed;

    public BitRot(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.running = parameters.choice("state", "stopped", "running").equals("running");
        this.count = (int) parameters.number("count", 1, 1, 20);
        this.unit = parameters.choice("unit", "any", "replica", "metadata", "index", "identity");
        this.beyond = parameters.choice("beyond", "false", "true").equals("true");
        this.heal = Duration.ofMillis(parameters.number("heal.ms", 15_000, 0, HEAL_MILLIS_MAX));
        this.mutations = mutations(parameters.text("mutations", ""), running);
        parameters.requireAllKnown();
    }

    private static List<Mutation> mutations(String words, boolean running) {
        Set<Mutation> chosen = EnumSet.noneOf(Mutation.class);
        try {
            for (String word : words.isEmpty() ? new String[0] : words.split(",", -1)) {
                chosen.add(Mutation.valueOf(word.strip().toUpperCase(Locale.ROOT)));
            }
        } catch (IllegalArgumentException unknown) {
            throw new FaultException(
                    "parameter mutations is '" + words + "'; write some of " + EnumSet.allOf(Mutation.class)
                            + ", with commas",
                    unknown);
        }
        if (chosen.isEmpty()) {
            chosen.addAll(EnumSet.allOf(Mutation.class));
        }
        if (running) {
            chosen.retainAll(IN_PLACE);
        }
        if (chosen.isEmpty()) {
            throw new FaultException(
                    "under a broker that runs only " + IN_PLACE + " are possible, not '" + words + "'");
        }
        return List.copyOf(chosen);
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        site.requireMinority(victims, beyond);
        armed = true;
        victims.forEach(site::excuse);
        try {
            List<Unit> taken = new ArrayList<>();
            for (int id : victims) {
                damages.put(id, List.of());
                if (!running) {
                    site.kill(List.of(id));
                }
                damage(id, taken);
            }
        } catch (IOException failure) {
            throw new FaultException("cannot damage files of " + Site.names(victims), failure);
        }
        site.start(victims);
        return victims;
    }

    private void damage(int id, List<Unit> taken) throws IOException {
        Path data = site.cluster().dataDirectory(id);
        List<Unit> units = BrokerUnits.of(data).stream()
                .filter(found -> isWanted(found)
                        && (beyond
                                || taken.stream()
                                        .noneMatch(other -> other.name().equals(found.name()))))
                .toList();
        List<Damage> drawn = new DamagePlan(seed, mutations, file -> NO_COPY).draw(id, units, count);
        damages.put(id, drawn);
        for (Damage damage : drawn) {
            taken.add(damage.unit());
            if (running) {
                damage.applyInPlace();
            } else {
                damage.apply();
            }
            if (damage.isChange() && damage.isDone()) {
                proofs.add("broker " + id + ": " + damage);
            }
        }
    }

    private boolean isWanted(Unit found) {
        return switch (unit) {
            case "any" -> true;
            case "replica" -> found.partition().isPresent();
            default -> found.name().equals(unit);
        };
    }

    @Override
    public String verify() {
        if (proofs.isEmpty()) {
            throw new FaultException("no file differs; there may be none of unit '" + unit + "'");
        }
        return String.join("; ", proofs);
    }

    @Override
    public void disarm() {
        if (!armed) {
            return;
        }
        armed = false;
        damages.keySet().forEach(site::demand);
        site.launch(damages.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(damages.keySet());
        for (int id : damages.keySet()) {
            if (!isHealed(id)) {
                revert(id);
            }
        }
    }

    private boolean isHealed(int id) {
        try {
            Awaiting.until(
                    heal,
                    "damage of broker " + id + " to heal",
                    () -> damages.getOrDefault(id, List.of()).stream().noneMatch(BitRot::matters),
                    () -> "some is left");
            return true;
        } catch (IllegalStateException left) {
            return false;
        }
    }

    private static boolean matters(Damage damage) {
        try {
            return damage.remains() && !damage.meansNothing();
        } catch (IOException changing) {
            return true;
        }
    }

    private void revert(int id) {
        site.kill(List.of(id));
        try {
            for (Damage damage : damages.getOrDefault(id, List.of())) {
                if (matters(damage)) {
                    damage.revert();
                }
            }
        } catch (IOException failure) {
            throw new FaultException("cannot put files of broker " + id + " right again", failure);
        } finally {
            site.start(List.of(id));
        }
    }
}
