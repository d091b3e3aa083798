package io.flotilla.chaos.backend.local;

import io.flotilla.chaos.fault.FaultId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a local cluster looks like, and which faults it shall be prepared for: some need brokers to be started in another
 * way, which costs a little even while nothing is armed.
 *
 * @param brokers   1 to 9
 * @param directory of the run; holds {@code broker-<id>} and the journal
 * @param heapMib   heap of each broker in MiB, 64 or more
 * @param overrides settings for every broker, by the names of its configuration file
 * @param jvmFlags  more flags for every broker's JVM, without blanks
 * @param enabled   kinds of faults that may be asked for
 * @param readyTimeout how long faults wait for brokers that they have started again
 */
public record LocalSettings(
        int brokers,
        Path directory,
        int heapMib,
        Map<String, String> overrides,
        List<String> jvmFlags,
        Set<FaultId> enabled,
        Duration readyTimeout) {
    /** All kinds. */
    public static final Set<FaultId> ALL = Collections.unmodifiableSet(EnumSet.allOf(FaultId.class));

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

    public LocalSettings {
        directory = directory.toAbsolutePath().normalize();
        overrides = Map.copyOf(overrides);
        jvmFlags = List.copyOf(jvmFlags);
        enabled = Set.copyOf(enabled);
        for (String flag : jvmFlags) {
            if (flag.isBlank() || flag.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException("JVM flag '" + flag + "' is empty or has a blank");
            }
        }
    }

    /** Prepared for all kinds of faults, whose brokers have half a minute to come back. */
    public LocalSettings(
            int brokers, Path directory, int heapMib, Map<String, String> overrides, List<String> jvmFlags) {
        this(brokers, directory, heapMib, overrides, jvmFlags, ALL, READY_TIMEOUT);
    }

    /** The same, prepared for exactly these faults. */
    public LocalSettings enabling(Set<FaultId> faults) {
        return new LocalSettings(brokers, directory, heapMib, overrides, jvmFlags, faults, readyTimeout);
    }

    /** The same with other settings of the brokers. */
    public LocalSettings with(Map<String, String> otherOverrides) {
        return new LocalSettings(brokers, directory, heapMib, otherOverrides, jvmFlags, enabled, readyTimeout);
    }

    /** The same with faults that wait longer, or less long. */
    public LocalSettings awaiting(Duration otherReadyTimeout) {
        return new LocalSettings(brokers, directory, heapMib, overrides, jvmFlags, enabled, otherReadyTimeout);
    }
}
