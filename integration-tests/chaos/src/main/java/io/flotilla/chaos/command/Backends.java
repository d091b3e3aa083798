package io.flotilla.chaos.command;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.chaos.backend.netns.NetnsBackend;
import io.flotilla.chaos.backend.netns.NetnsSettings;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opens what {@link BackendOptions} ask for. */
final class Backends {
    /** At this level brokers log votes and leaders, which the judge wants to know. */
    private static final String ELECTIONS_LEVEL = "flotilla.elections.level";

    private Backends() {}

    /**
     * Starts a cluster in a run's folder, or connects to the user's.
     *
     * @param faults that it shall be prepared for
     */
    static Backend open(BackendOptions options, Path directory, Set<FaultId> faults) throws IOException {
        System.setProperty(ELECTIONS_LEVEL, "INFO");
        LocalSettings local = new LocalSettings(options.brokers(), directory, options.heapMib(), Map.of(), List.of())
                .enabling(faults);
        return switch (options.kind()) {
            case LOCAL -> LocalBackend.open(local);
            case NETNS -> NetnsBackend.open(new NetnsSettings(local, LoopDisk.Kind.EXT4));
            case REMOTE -> throw new IllegalStateException("not yet");
        };
    }

    /** The kinds that a plan may draw from: what was asked for, and is possible there. */
    static Set<FaultId> possible(BackendOptions options, Backend backend) {
        Set<FaultId> possible = EnumSet.noneOf(FaultId.class);
        possible.addAll(backend.faults());
        possible.retainAll(options.faults());
        return possible;
    }
}
