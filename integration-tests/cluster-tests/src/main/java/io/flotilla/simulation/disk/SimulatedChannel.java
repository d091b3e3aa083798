package io.flotilla.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or a folder opened to be synced. */
final class SimulatedChannel extends FileChannel {
    private final SimulatedDisk disk;
    private final Node node;
    private final String name;
    private long position;

    SimulatedChannel(SimulatedDisk disk, Node node, String name) {
        this.disk = disk;
        this.node = node;
        this.name = name;
    }

    private Node.File file() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (node instanceof Node.File file) {
            return file;
        }
        throw new IOException(name + " is a folder");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        disk.requirePower();
        return file().current().read(Math.toIntExact(from), target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = write(source, position);
        position += count;
        return count;
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        int count = source.remaining();
        if (count > 0) {
            disk.write(file(), name, Math.toIntExact(to), source);
        }
        return count;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.truncate(file(), name, Math.toIntExact(size));
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        disk.sync(node, name);
    }

    @Override
    public long size() throws IOException {
        return file().current().size();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException("scattering reads");
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException("gathering writes");
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException("transfer to a channel");
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new UnsupportedOperationException("transfer from a channel");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException("mapping " + name);
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException("locking " + name);
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException("locking " + name);
    }
}
