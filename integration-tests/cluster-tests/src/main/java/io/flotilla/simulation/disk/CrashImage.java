package io.flotilla.simulation.disk;

import java.util.List;
import java.util.TreeMap;

/** A disk after a loss of power, with what is left on it. */
public final class CrashImage {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final List<Change> pending;
    private final Survivors survivors;
    private final SimulatedDisk disk;
    private int nodes;
    private long signature = 17;

    private CrashImage(SimulatedDisk before, Survivors survivors) {
        this.pending = before.pending();
        this.survivors = survivors;
        Node.Folder root = imageOf(before.root());
        this.disk = new SimulatedDisk(root, nodes, before.syncRule());
    }

    static CrashImage of(SimulatedDisk before, Survivors survivors) {
        return new CrashImage(before, survivors);
    }

    /** On which everything is durable, whatever becomes of the disk it was made from. */
    public SimulatedDisk disk() {
        return disk;
    }

    /** Equal for images of the same disk that hold the same. */
    long signature() {
        return signature;
    }

    private Node.Folder imageOf(Node.Folder folder) {
        note(folder.id(), folder.syncs());
        TreeMap<String, Node> entries = new TreeMap<>(folder.durable());
        for (int i = 0; i < pending.size(); i++) {
            if (pending.get(i) instanceof Change.OfFolder change && change.node() == folder && survivors.has(i)) {
                change.applyTo(entries);
            }
        }
        int id = nodes++;
        entries.replaceAll((name, node) -> {
            note(name.hashCode(), node.id());
            return node instanceof Node.Folder inner ? imageOf(inner) : imageOf((Node.File) node);
        });
        return new Node.Folder(id, entries);
    }

    private Node.File imageOf(Node.File file) {
        note(file.id(), file.syncs());
        FileContent content = file.durable().copy();
        for (int i = 0; i < pending.size(); i++) {
            if (pending.get(i) instanceof Change.OfFile change && change.node() == file && survivors.has(i)) {
                Tear tear = survivors.tearOf(i);
                if (tear != null && change instanceof Change.Write write) {
                    write.applyTo(content, tear);
                    note(change.number(), tear.hashCode());
                } else {
                    change.applyTo(content);
                    note(change.number(), 0);
                }
            }
        }
        return new Node.File(nodes++, content);
    }

    private void note(int first, int second) {
        signature = (signature ^ (((long) first << 32) | (second & 0xFFFFFFFFL))) * SPREAD;
        signature ^= signature >>> 29;
    }

    /** What survived of what was not durable. */
    public String story() {
        return survivors.storyOf(pending);
    }
}
