package io.flotilla.simulation.disk;

import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names from the root down; the few operations that code on a simulated disk needs. Relative paths begin at the root. */
final class SimulatedPath implements Path {
    private final SimulatedFileSystem fileSystem;
    private final List<String> names;
    private final boolean absolute;

    SimulatedPath(SimulatedFileSystem fileSystem, List<String> names, boolean absolute) {
        this.fileSystem = fileSystem;
        this.names = names;
        this.absolute = absolute;
    }

    List<String> names() {
        return names;
    }

    /** The last name. */
    String name() {
        return names.get(names.size() - 1);
    }

    private SimulatedPath ofNames(int from, int to, boolean fromRoot) {
        return new SimulatedPath(fileSystem, names.subList(from, to), fromRoot);
    }

    @Override
    public SimulatedFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public Path getRoot() {
        return ofNames(0, 0, true);
    }

    @Override
    public SimulatedPath getFileName() {
        return ofNames(names.size() - 1, names.size(), false);
    }

    /** Unlike elsewhere, the parent of a lone name is the root. */
    @Override
    @SuppressWarnings("NullAway") // the interface allows null, which is what the root's parent is
    public SimulatedPath getParent() {
        return names.isEmpty() ? null : ofNames(0, names.size() - 1, true);
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return ofNames(index, index + 1, false);
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return ofNames(beginIndex, endIndex, false);
    }

    @Override
    public boolean startsWith(Path other) {
        List<String> first = of(other).names;
        return first.size() <= names.size() && names.subList(0, first.size()).equals(first);
    }

    @Override
    public boolean endsWith(Path other) {
        List<String> last = of(other).names;
        return last.size() <= names.size()
                && names.subList(names.size() - last.size(), names.size()).equals(last);
    }

    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        return other.isAbsolute() ? other : resolve(other.toString());
    }

    @Override
    public SimulatedPath resolve(String other) {
        return fileSystem.path(names, other);
    }

    @Override
    public Path relativize(Path other) {
        throw new UnsupportedOperationException("relativize " + other);
    }

    @Override
    public URI toUri() {
        return URI.create("simulated:" + this);
    }

    @Override
    public SimulatedPath toAbsolutePath() {
        return absolute ? this : ofNames(0, names.size(), true);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("watching " + this);
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SimulatedPath that
                && fileSystem == that.fileSystem
                && absolute == that.absolute
                && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }

    static SimulatedPath of(Path path) {
        if (path instanceof SimulatedPath simulated) {
            return simulated;
        }
        throw new ProviderMismatchException(path + " is on another file system");
    }
}
