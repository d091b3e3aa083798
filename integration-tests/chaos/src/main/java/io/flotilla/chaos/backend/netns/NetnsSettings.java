package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.cluster.suite.LoopDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a cluster in namespaces looks like.
 *
 * @param processes  the brokers, as on loopback
 * @param fileSystem of each broker's disk
 */
public record NetnsSettings(LocalSettings processes, LoopDisk.Kind fileSystem) {
    /** Brokers on ext4, prepared for the usual faults. */
    public NetnsSettings(
            int brokers, Path directory, int heapMib, Map<String, String> overrides, List<String> jvmFlags) {
        this(new LocalSettings(brokers, directory, heapMib, overrides, jvmFlags), LoopDisk.Kind.EXT4);
    }

    /** The same on another file system. */
    public NetnsSettings on(LoopDisk.Kind otherFileSystem) {
        return new NetnsSettings(processes, otherFileSystem);
    }
}
