package io.flotilla.simulation.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** What kind of node it is, and its size in bytes; times are always zero. */
record SimulatedAttributes(Node node) implements BasicFileAttributes {
    private static final FileTime NO_TIME = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
        return NO_TIME;
    }

    @Override
    public FileTime lastAccessTime() {
        return NO_TIME;
    }

    @Override
    public FileTime creationTime() {
        return NO_TIME;
    }

    @Override
    public boolean isRegularFile() {
        return node instanceof Node.File;
    }

    @Override
    public boolean isDirectory() {
        return node instanceof Node.Folder;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public long size() {
        return node instanceof Node.File file ? file.current().size() : 0;
    }

    @Override
    public Object fileKey() {
        return node;
    }
}
