package io.flotilla.chaos.plant;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Failpoints of the brokers of one cluster. They are there from the brokers' start and do nothing until they get an order;
 * an idle one costs some microseconds each time it is passed.
 *
 * @param directory of the run; its path must not have a space
 */
public record Failpoints(Path directory) {
    static final String SCRIPT = "failpoints.btm";

    /** Flags of brokers that have failpoints, and a bug besides if so wanted. */
    public List<String> jvmFlags(Optional<Plant> plant) {
        List<String> scripts = new ArrayList<>(List.of(SCRIPT));
        plant.map(Plant::script).ifPresent(scripts::add);
        return Agent.flags(directory, scripts);
    }

    /** How often failpoints have failed. */
    public Hits hits() {
        return new Hits(Agent.hits(directory));
    }

    /** Adds the kind {@link FaultId#FAILPOINT} to those that are possible; the brokers need {@link #jvmFlags}. */
    public void register(FaultRegistry registry, Site site) {
        registry.put(FaultId.FAILPOINT, (spec, seed) -> new FailpointFault(site, hits(), spec, seed));
    }
}
