package io.flotilla.cluster.suite;

import static java.util.Objects.requireNonNull;

import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Three brokers, each on a disk of its own that can lose power. */
final class ClusterOnDisks implements AutoCloseable {
    static final int BROKERS = 3;
    /** Less than a disk has. */
    private static final long RESERVE_BYTES = 64 << 20;

    private final ProcessCluster cluster;
    private final SortedMap<Integer, LoopDisk> disks = new TreeMap<>();

    private ClusterOnDisks(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts the brokers on disks of this kind.
     *
     * @throws IOException if the disks cannot be made
     */
    static ClusterOnDisks start(LoopDisk.Kind kind, Path directory) throws IOException {
        var settings = ClusterSettings.of(BROKERS, directory).with("disk.reserve.bytes", Long.toString(RESERVE_BYTES));
        var started = new ClusterOnDisks(ProcessCluster.prepare(settings));
        try {
            for (int id : started.cluster.brokerIds()) {
                Path image = directory.resolve("disk-" + id + ".image");
                started.disks.put(id, LoopDisk.make(kind, image, started.cluster.dataDirectory(id)));
            }
            started.cluster.startAll();
            return started;
        } catch (IOException | RuntimeException failure) {
            started.close();
            throw failure;
        }
    }

    /** What keeps this machine from cutting the power of such a disk. */
    static Optional<String> obstacle(LoopDisk.Kind kind, Path directory) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("it mounts disks, which needs root");
        }
        Path mountPoint = directory.resolve("probe");
        try (LoopDisk disk = LoopDisk.make(kind, directory.resolve("probe.image"), mountPoint);
                PowerSwitch power = PowerSwitch.arm(List.of(mountPoint))) {
            disk.releaseCanary();
            power.cut();
            disk.restore();
            return disk.canaryLives() ? Optional.of("cutting the power has no effect") : Optional.empty();
        } catch (IOException missing) {
            return Optional.of(String.valueOf(missing.getMessage()));
        }
    }

    ProcessCluster brokers() {
        return cluster;
    }

    LoopDisk diskOf(int id) {
        return requireNonNull(disks.get(id));
    }

    /** Kills the brokers, then takes their disks away. */
    @Override
    public void close() throws IOException {
        try {
            cluster.close();
        } finally {
            for (LoopDisk disk : disks.values()) {
                disk.close();
            }
        }
    }
}
