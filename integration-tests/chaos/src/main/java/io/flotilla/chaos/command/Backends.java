package io.flotilla.chaos.command;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.chaos.backend.netns.NetnsBackend;
import io.flotilla.chaos.backend.netns.NetnsSettings;
import io.flotilla.chaos.backend.remote.RemoteBackend;
import io.flotilla.chaos.backend.remote.RemoteSettings;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Path;
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
     * @param faults    that it shall be prepared for
     * @param overrides settings of brokers that are started here
     */
    static Backend open(BackendOptions options, Path directory, Set<FaultId> faults, Map<String, String> overrides)
            throws IOException {
        System.setProperty(ELECTIONS_LEVEL, "INFO");
        LocalSettings local = new LocalSettings(options.brokers(), directory, options.heapMib(), overrides, List.of())
                .enabling(faults);
        return switch (options.kind()) {
            case LOCAL -> LocalBackend.open(local);
            case NETNS -> NetnsBackend.open(new NetnsSettings(local, LoopDisk.Kind.EXT4));
            case REMOTE -> RemoteBackend.open(RemoteSettings.read(options.cluster()), directory, options.allowed());
        };
    }
}
