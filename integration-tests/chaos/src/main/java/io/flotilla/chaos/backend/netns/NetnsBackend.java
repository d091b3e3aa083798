package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Opens clusters whose brokers have networks and disks of their own. */
public final class NetnsBackend {
    /** The brokers' disks are smaller than those for which the default was made. */
    private static final Map<String, String> DEFAULTS = Map.of("disk.reserve.bytes", Integer.toString(64 << 20));

    private static final List<String> COMMANDS =
            List.of("ip", "ss", "nsenter", "iptables-restore", "iptables-save", "perl", "mount", "fallocate");

    private NetnsBackend() {}

    /** What keeps this machine from having such clusters, as far as one can see without trying. */
    public static Optional<String> obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("namespaces and mounts need root");
        }
        List<Path> folders =
                Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).toList();
        return COMMANDS.stream()
                .filter(command -> folders.stream().noneMatch(folder -> Files.isExecutable(folder.resolve(command))))
                .findFirst()
                .map(missing ->
                        "the command " + missing + " is missing; install iproute2, iptables, util-linux and perl");
    }

    /**
     * Makes networks and disks, starts the brokers there and waits until all are ready. The caller closes the backend,
     * which removes everything; after a harness that was killed {@link io.flotilla.chaos.fault.journal.Cleanup} does.
     *
     * @throws IOException if that is not possible here, and why; it takes root
     */
    public static LocalBackend open(NetnsSettings settings) throws IOException {
        LocalSettings processes = settings.processes();
        Map<String, String> overrides = new TreeMap<>(DEFAULTS);
        overrides.putAll(processes.overrides());
        return LocalBackend.open(processes.with(overrides), journal -> NetnsGround.make(settings, journal));
    }
}
