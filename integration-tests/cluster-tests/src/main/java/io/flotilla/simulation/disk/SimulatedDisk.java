package io.flotilla.simulation.disk;

import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A disk in memory, with the changes that a loss of power may take from it. */
public final class SimulatedDisk {
    /** Learns of each operation behind its effect; may throw {@link PowerCut}, after which every operation does. */
    public interface Observer {
        /**
         * @param operation says what it was
         * @param changed   whether the disk holds something new, which is not durable yet; false for a sync
         */
        void operated(Supplier<String> operation, boolean changed);
    }

    private final Node.Folder root;
    private final SyncRule syncRule;
    private final SimulatedFileSystem fileSystem = new SimulatedFileSystem(this);
    private final List<Change> pending = new ArrayList<>();
    private final List<Node> delayed = new ArrayList<>();
    private Observer observer = (operation, changed) -> {};
    private int nodes;
    private int changes;
    private boolean off;

    /** An empty disk. */
    public SimulatedDisk(SyncRule syncRule) {
        this(new Node.Folder(0, new TreeMap<>()), 1, syncRule);
    }

    /** A disk on which everything is durable. */
    SimulatedDisk(Node.Folder root, int nodes, SyncRule syncRule) {
        this.root = root;
        this.nodes = nodes;
        this.syncRule = syncRule;
    }

    public FileSystem fileSystem() {
        return fileSystem;
    }

    public void observe(Observer newObserver) {
        observer = newObserver;
    }

    /** Changes that are not durable, oldest first. */
    List<Change> pending() {
        return pending;
    }

    Node.Folder root() {
        return root;
    }

    SyncRule syncRule() {
        return syncRule;
    }

    /** Where the file first differs from the first {@code size} of the bytes, -1 if it holds exactly those. */
    public int mismatch(Path file, byte[] expected, int size) throws NoSuchFileException {
        return fileAt((SimulatedPath) file).current().mismatch(expected, size);
    }

    // ---- What the file system asks for ------------------------------------------------------------------------------

    private @Nullable Node find(SimulatedPath path) {
        requirePower();
        Node node = root;
        for (String name : path.names()) {
            Node next = node instanceof Node.Folder folder ? folder.current().get(name) : null;
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    Node nodeAt(SimulatedPath path) throws NoSuchFileException {
        Node node = find(path);
        if (node == null) {
            throw new Absent(path);
        }
        return node;
    }

    /** Without the cost of a stack trace, since {@code Files.exists} asks by way of it. */
    private static final class Absent extends NoSuchFileException {
        private static final long serialVersionUID = 1;

        Absent(SimulatedPath path) {
            super(path.toString());
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    boolean exists(SimulatedPath path) {
        return find(path) != null;
    }

    Node.File fileAt(SimulatedPath path) throws NoSuchFileException {
        if (nodeAt(path) instanceof Node.File file) {
            return file;
        }
        throw new NoSuchFileException(path.toString(), null, "is a folder");
    }

    Node.Folder folderAt(SimulatedPath path) throws NoSuchFileException, NotDirectoryException {
        if (nodeAt(path) instanceof Node.Folder folder) {
            return folder;
        }
        throw new NotDirectoryException(path.toString());
    }

    Node.File createFile(SimulatedPath path)
            throws NoSuchFileException, NotDirectoryException, FileAlreadyExistsException {
        Node.File file = new Node.File(nodes++, FileContent.empty());
        create(path, file);
        return file;
    }

    void createFolder(SimulatedPath path)
            throws NoSuchFileException, NotDirectoryException, FileAlreadyExistsException {
        create(path, new Node.Folder(nodes++, new TreeMap<>()));
    }

    private void create(SimulatedPath path, Node node)
            throws NoSuchFileException, NotDirectoryException, FileAlreadyExistsException {
        Node.Folder folder = folderAt(path.getParent());
        if (folder.current().containsKey(path.name())) {
            throw new FileAlreadyExistsException(path.toString());
        }
        change(new Change.Create(changes++, folder, path.name(), node), folder);
    }

    void delete(SimulatedPath path) throws NoSuchFileException, NotDirectoryException, DirectoryNotEmptyException {
        if (nodeAt(path) instanceof Node.Folder deleted && !deleted.current().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        Node.Folder folder = folderAt(path.getParent());
        change(new Change.Delete(changes++, folder, path.name()), folder);
    }

    /** Renames within a folder, in place of any file that has the name. */
    void rename(SimulatedPath from, SimulatedPath to) throws NoSuchFileException, NotDirectoryException {
        Node node = nodeAt(from);
        Node.Folder folder = folderAt(from.getParent());
        if (folder != folderAt(to.getParent())) {
            throw new UnsupportedOperationException("rename from folder to folder: " + from + ", " + to);
        }
        change(new Change.Rename(changes++, folder, from.name(), to.name(), node), folder);
    }

    private void change(Change.OfFolder change, Node.Folder folder) {
        change.applyTo(folder.current());
        changed(change);
    }

    void write(Node.File file, String name, int position, ByteBuffer source) {
        requirePower();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        change(new Change.Write(changes++, file, name, position, bytes), file);
    }

    void truncate(Node.File file, String name, int size) {
        requirePower();
        if (size < file.current().size()) {
            change(new Change.Truncate(changes++, file, name, size), file);
        }
    }

    private void change(Change.OfFile change, Node.File file) {
        change.applyTo(file.current());
        changed(change);
    }

    private void changed(Change change) {
        pending.add(change);
        operated(change::toString, true);
    }

    void sync(Node node, String name) {
        requirePower();
        boolean folder = node instanceof Node.Folder;
        switch (syncRule.of(name, folder)) {
            case DONE -> makeDurable(node);
            case DROPPED -> {}
            case DELAYED -> delayed.add(node);
        }
        if (folder) {
            delayed.forEach(this::makeDurable);
            delayed.clear();
        }
        operated(() -> "sync " + name, false);
    }

    private void makeDurable(Node node) {
        pending.removeIf(change -> change.node() == node);
        if (node instanceof Node.File file) {
            file.sync();
        } else if (node instanceof Node.Folder folder) {
            folder.sync();
        }
    }

    private void operated(Supplier<String> operation, boolean changed) {
        try {
            observer.operated(operation, changed);
        } catch (PowerCut cut) {
            off = true;
            throw cut;
        }
    }

    void requirePower() {
        if (off) {
            throw new PowerCut();
        }
    }
}
