package io.flotilla.simulation.disk;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The file system on a {@link SimulatedDisk}. */
final class SimulatedFileSystem extends FileSystem {
    private final SimulatedDisk disk;

    SimulatedFileSystem(SimulatedDisk disk) {
        this.disk = disk;
    }

    SimulatedDisk disk() {
        return disk;
    }

    SimulatedPath path(List<String> parents, String rest) {
        List<String> names = new ArrayList<>(parents);
        if (rest.indexOf('/') < 0) {
            names.add(rest);
        } else {
            for (String name : rest.split("/")) {
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return new SimulatedPath(this, names, true);
    }

    @Override
    public Path getPath(String first, String... more) {
        String all = String.join("/", first, String.join("/", more));
        SimulatedPath absolute = path(List.of(), all);
        return first.startsWith("/") ? absolute : new SimulatedPath(this, absolute.names(), false);
    }

    @Override
    public FileSystemProvider provider() {
        return SimulatedProvider.INSTANCE;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("a simulated file system stays open");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        throw new UnsupportedOperationException("matching " + syntaxAndPattern);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("a simulated disk has no users");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("watching");
    }
}
