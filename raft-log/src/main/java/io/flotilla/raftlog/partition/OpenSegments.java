package io.flotilla.raftlog.partition;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.catchup.ReplicaSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The segments that others are just reading. Each stays open a while, so that the rest of it can be read even if
 * retention deletes it meanwhile.
 *
 * <p>Threading: safe for all threads.
 */
final class OpenSegments implements AutoCloseable {
    private static final int FILES_MAX = 16;
    private static final long IDLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    /** Used longest ago first. */
    @GuardedBy("this")
    private final Map<Path, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);

    private static final class OpenFile {
        final FileChannel channel;
        long usedAtNanos = System.nanoTime();

        OpenFile(FileChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * @return what the file has from there, at most {@code length} bytes and at least one
     * @throws ReplicaSource.Gone if it is not there, or shorter
     */
    synchronized ByteBuffer read(Path path, int position, int length) throws IOException {
        closeIdle();
        FileChannel channel = channelOf(path);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, (long) position + bytes.position()) < 0) {
                break;
            }
        }
        if (bytes.flip().remaining() == 0) {
            throw new ReplicaSource.Gone("segment " + path.getFileName() + " ends before byte " + position);
        }
        return bytes;
    }

    @GuardedBy("this")
    private FileChannel channelOf(Path path) throws IOException {
        OpenFile open = files.get(path);
        if (open == null || !open.channel.isOpen()) { // an interrupted reader closes what it reads
            try {
                open = new OpenFile(FileChannel.open(path, StandardOpenOption.READ));
            } catch (NoSuchFileException deleted) {
                throw new ReplicaSource.Gone("segment " + path.getFileName() + " was deleted");
            }
            files.put(path, open);
        }
        open.usedAtNanos = System.nanoTime();
        return open.channel;
    }

    @GuardedBy("this")
    private void closeIdle() throws IOException {
        long now = System.nanoTime();
        Iterator<OpenFile> oldestFirst = files.values().iterator();
        while (oldestFirst.hasNext()) {
            OpenFile file = oldestFirst.next();
            if (files.size() <= FILES_MAX && now - file.usedAtNanos <= IDLE_NANOS_MAX) {
                return;
            }
            file.channel.close();
            oldestFirst.remove();
        }
    }

    /** Closes the files of a folder. */
    synchronized void closeIn(Path folder) {
        files.entrySet().removeIf(file -> file.getKey().startsWith(folder) && closed(file.getValue()));
    }

    @Override
    public synchronized void close() {
        files.values().removeIf(OpenSegments::closed);
    }

    /** A file that was only read loses nothing when closing it fails. */
    private static boolean closed(OpenFile file) {
        try {
            file.channel.close();
        } catch (IOException ignored) {
            return true;
        }
        return true;
    }
}
