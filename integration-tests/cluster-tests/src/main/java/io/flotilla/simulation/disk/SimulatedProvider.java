package io.flotilla.simulation.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code java.nio.file.Files} calls for paths of simulated disks. Anything that storage does not use is refused. */
final class SimulatedProvider extends FileSystemProvider {
    static final SimulatedProvider INSTANCE = new SimulatedProvider();

    private SimulatedProvider() {}

    private static SimulatedDisk diskOf(Path path) {
        return SimulatedPath.of(path).getFileSystem().disk();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        SimulatedPath simulated = SimulatedPath.of(path);
        SimulatedDisk disk = diskOf(path);
        boolean found = disk.exists(simulated);
        if (found && options.contains(StandardOpenOption.CREATE_NEW)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        boolean creates =
                options.contains(StandardOpenOption.CREATE_NEW) || options.contains(StandardOpenOption.CREATE);
        Node node = found || !creates ? disk.nodeAt(simulated) : disk.createFile(simulated);
        if (node instanceof Node.File file && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            disk.truncate(file, simulated.name(), 0);
        }
        if (options.contains(StandardOpenOption.APPEND)) {
            throw new UnsupportedOperationException("appending to " + path);
        }
        return new SimulatedChannel(disk, node, simulated.names().isEmpty() ? "/" : simulated.name());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> entries = new ArrayList<>();
        for (String name :
                diskOf(folder).folderAt(SimulatedPath.of(folder)).current().keySet()) {
            Path entry = folder.resolve(name);
            if (filter.accept(entry)) {
                entries.add(entry);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        diskOf(folder).createFolder(SimulatedPath.of(folder));
    }

    @Override
    public void delete(Path path) throws IOException {
        diskOf(path).delete(SimulatedPath.of(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        if (!Set.of(options).containsAll(Set.of(StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING))) {
            throw new UnsupportedOperationException("a move that is not atomic");
        }
        diskOf(source).rename(SimulatedPath.of(source), SimulatedPath.of(target));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Node found = diskOf(path).nodeAt(SimulatedPath.of(path));
        assert found != null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return type.cast(new SimulatedAttributes(diskOf(path).nodeAt(SimulatedPath.of(path))));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return diskOf(path).nodeAt(SimulatedPath.of(path)) == diskOf(other).nodeAt(SimulatedPath.of(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException("make a SimulatedDisk instead");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("simulated disks have no names");
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("simulated disks have no names");
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("copying " + source);
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("store of " + path);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        if (type == BasicFileAttributeView.class) {
            throw new UnsupportedOperationException("changing attributes of " + path);
        }
        return null; // what the contract says of a view that is not supported
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException("attributes " + attributes + " of " + path);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("setting " + attribute + " of " + path);
    }
}
