package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * N25: a majority of the metadata's voters is gone until the end, its leader among them or not; {@code how=pause} by
 * SIGSTOP, {@code how=kill} by SIGKILL. The target means nothing here.
 */
public final class MetadataLoss implements LingeringFault {
    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final boolean byKill;
    private List<Integer> victims = List.of();
    private int voters;

    public MetadataLoss(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.byKill = parameters.choice("how", "pause", "kill").equals("kill");
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> all = new ArrayList<>(site.roles().metadataVoters());
        voters = all.size();
        Collections.shuffle(all, new Random(seed));
        victims = all.subList(0, voters / 2 + 1).stream()
                .filter(site.cluster().respondingIds()::contains)
                .sorted()
                .toList();
        if (byKill) {
            site.kill(victims);
        } else {
            victims.forEach(site.cluster()::pause);
        }
        return victims;
    }

    @Override
    public String verify() {
        long gone = site.cluster().brokerIds().stream()
                .filter(id -> !site.cluster().isRunning(id) || site.isStopped(id))
                .count();
        if (victims.isEmpty() || gone < victims.size()) {
            throw new FaultException("of " + Site.names(victims) + " only " + gone + " are gone");
        }
        return victims.size() + " of " + voters + " voters of the metadata are gone: " + Site.names(victims)
                + (byKill ? " ended" : " in state T");
    }

    @Override
    public void disarm() {
        if (!byKill) {
            victims.stream().filter(site.cluster()::isRunning).forEach(site.cluster()::resume);
        }
        site.launch(victims);
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}
