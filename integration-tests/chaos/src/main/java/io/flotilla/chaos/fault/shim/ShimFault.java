package io.flotilla.chaos.fault.shim;

import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A fault that consists of rules of the shim, proved by how often they have struck. It strikes only calls that the broker
 * makes: a broker that nobody writes to syncs nothing.
 */
final class ShimFault implements LingeringFault {
    /** What the rules do to the broker. */
    enum Effect {
        /** It goes on. */
        GOES_ON,
        /** It may end by itself, and is started again then. */
        MAY_END,
        /** Replicas of it stop, or it ends; at the end it is killed and started, as after a disk was replaced. */
        FAILS,
        /** It ends at once. */
        DIES
    }

    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(15);

    private final Site site;
    private final Shim shim;
    private final FaultSpec spec;
    private final long seed;
    private final Effect effect;
    private final Function<Path, List<ShimRule>> rules;
    private final SortedMap<Integer, List<Integer>> slots = new TreeMap<>();
    private final List<Long> journaled = new ArrayList<>();

    /** @param rules for a data folder, one or more */
    ShimFault(Site site, Shim shim, FaultSpec spec, long seed, Effect effect, Function<Path, List<ShimRule>> rules) {
        this.site = site;
        this.shim = shim;
        this.spec = spec;
        this.seed = seed;
        this.effect = effect;
        this.rules = rules;
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        for (int id : victims) {
            ShimControl control = shim.control(id);
            journaled.add(site.journal()
                    .add(Journal.CONTROL_FILE, List.of(control.rulesFile().toString()), List.of()));
            if (effect != Effect.GOES_ON) {
                site.excuse(id);
            }
            List<Integer> own = new ArrayList<>();
            slots.put(id, own);
            rules.apply(site.cluster().dataDirectory(id)).forEach(rule -> own.add(control.add(rule)));
        }
        return victims;
    }

    @Override
    public String verify() {
        Site.await(
                PROOF_TIMEOUT,
                "calls of " + Site.names(List.copyOf(slots.keySet())) + " to be struck",
                () -> slots.keySet().stream().allMatch(id -> hits(id) > 0),
                () -> "struck were " + counts());
        if (effect == Effect.DIES) {
            Site.await(
                    PROOF_TIMEOUT,
                    Site.names(List.copyOf(slots.keySet())) + " to die",
                    () -> slots.keySet().stream().noneMatch(site.cluster()::isRunning),
                    () -> site.cluster().runningIds() + " run");
            return "calls struck: " + counts() + "; exit codes "
                    + slots.keySet().stream().map(site.cluster()::awaitExit).toList();
        }
        return "calls struck: " + counts();
    }

    private long hits(int id) {
        return slots.getOrDefault(id, List.of()).stream()
                .mapToLong(slot -> shim.control(id).hits(slot))
                .sum();
    }

    private String counts() {
        return slots.keySet().stream().map(id -> hits(id) + " of broker " + id).collect(Collectors.joining(", "));
    }

    @Override
    public void disarm() {
        if (journaled.isEmpty()) {
            return;
        }
        slots.forEach((id, own) -> own.forEach(slot -> shim.control(id).remove(slot)));
        journaled.forEach(site.journal()::done);
        journaled.clear();
        if (effect == Effect.FAILS) {
            site.kill(slots.keySet());
        }
        if (effect != Effect.GOES_ON) {
            slots.keySet().forEach(site::demand);
        }
        site.launch(slots.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(slots.keySet());
    }
}
