package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.cluster.Ledger;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The brokers' disks, each with a file system of its own in a file of the run's folder. */
final class Disks implements AutoCloseable {
    private static final int MEBIBYTES = 4096;

    private final LoopDisk.Kind kind;
    private final SortedMap<Integer, LoopDisk> disks = new TreeMap<>();

    Disks(LoopDisk.Kind kind) {
        this.kind = kind;
    }

    LoopDisk.Kind kind() {
        return kind;
    }

    /** Makes a broker's disk and mounts it where its data is to be. */
    void make(int node, Path directory, Path mountPoint, Ledger ledger) throws IOException {
        Path image = directory.resolve("disk-" + node + ".image");
        disks.put(node, LoopDisk.make(kind, image, mountPoint, MEBIBYTES, ledger));
    }

    LoopDisk of(int node) {
        LoopDisk disk = disks.get(node);
        if (disk == null) {
            throw new FaultException("broker " + node + " has no disk of its own, there are " + disks.keySet());
        }
        return disk;
    }

    List<LoopDisk> of(Collection<Integer> nodes) {
        return nodes.stream().map(this::of).toList();
    }

    /** Unmounts and deletes all that can be; what is left stands in the journal. */
    @Override
    public void close() {
        IOException left = null;
        for (LoopDisk disk : disks.values()) {
            try {
                disk.close();
            } catch (IOException busy) {
                left = busy;
            }
        }
        if (left != null) {
            throw new FaultException("a disk is left; end what uses it, and clean up", left);
        }
    }
}
