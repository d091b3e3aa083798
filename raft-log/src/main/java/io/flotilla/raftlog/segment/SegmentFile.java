package io.flotilla.raftlog.segment;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * One open file, read and written by position.
 *
 * <p>Java closes a channel when a thread that uses it is interrupted, for every other user too. This class opens the
 * file again then and repeats what was interrupted, which positions make harmless; the interrupt is kept for its
 * thread. Only {@link #close} ends its life.
 *
 * <p>Threading: safe for all threads; writes to the same bytes are the callers' to order.
 */
final class SegmentFile implements AutoCloseable {
    /** Times one operation may be broken off by interrupts of any thread before it fails. */
    private static final int ATTEMPTS_MAX = 1_000;

    private final Path path;
    private volatile FileChannel channel;

    @GuardedBy("this")
    private boolean closed;

    private SegmentFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens a file that exists. */
    static SegmentFile open(Path path) throws IOException {
        return new SegmentFile(path, FileChannel.open(path, READ, WRITE));
    }

    /** Fills the buffer from its position to its limit with the bytes at {@code position}. */
    void read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        onChannel(open -> {
            target.position(start);
            while (target.hasRemaining()) {
                if (open.read(target, position + target.position() - start) < 0) {
                    throw new EOFException(path + " ends before byte " + (position + target.limit() - start));
                }
            }
        });
    }

    /** Writes the buffer from its position to its limit, which afterwards is its position too. */
    void write(ByteBuffer source, long position) throws IOException {
        int start = source.position();
        onChannel(open -> {
            source.position(start);
            while (source.hasRemaining()) {
                open.write(source, position + source.position() - start);
            }
        });
    }

    void truncate(long size) throws IOException {
        onChannel(open -> open.truncate(size));
    }

    /** Makes the content durable. A failure is final: the kernel may have dropped what it could not write. */
    void force() throws IOException {
        onChannel(open -> open.force(true));
    }

    private interface Use {
        void of(FileChannel channel) throws IOException;
    }

    private void onChannel(Use use) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            for (int attempt = 1; ; attempt++) {
                FileChannel open = channel;
                try {
                    use.of(open);
                    return;
                } catch (ClosedChannelException broken) { // by this thread's interrupt or by another's
                    interrupted |= broken instanceof ClosedByInterruptException && Thread.interrupted();
                    if (attempt == ATTEMPTS_MAX) {
                        throw broken;
                    }
                    replace(open, broken);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void replace(FileChannel broken, ClosedChannelException cause) throws IOException {
        if (closed) {
            throw new IOException(path + " is closed", cause);
        }
        if (channel == broken) {
            channel = FileChannel.open(path, READ, WRITE);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
