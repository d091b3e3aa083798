package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A state for tests: the list of all entries, whole in its checkpoint file. Answers each entry with its place in the
 * list. Longer entries are kept by their length only.
 */
final class ListState implements ReplicatedState {
    static final String POISON = "poison";
    private static final int KEPT_BYTES_MAX = 64;

    private final Path file;
    private final List<String> entries = new CopyOnWriteArrayList<>();
    private final List<Leadership> leaderships = new CopyOnWriteArrayList<>();
    private final AtomicInteger appliedSinceOpen = new AtomicInteger();
    private final AtomicInteger checkpoints = new AtomicInteger();
    private volatile LogPosition position = LogPosition.NONE;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    ListState(Path file) {
        this.file = file;
    }

    @Override
    public LogPosition open() throws IOException {
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            position = new LogPosition(Long.parseLong(lines.get(0)), Long.parseLong(lines.get(1)));
            entries.addAll(lines.subList(2, lines.size()));
        }
        return position;
    }

    @Override
    public ByteBuffer apply(LogPosition at, ByteBuffer entry) throws IOException {
        if (at.index() <= position.index()) {
            throw new IllegalStateException(at + " comes after " + position);
        }
        String text = entry.remaining() > KEPT_BYTES_MAX
                ? "bytes:" + entry.remaining()
                : StandardCharsets.UTF_8.decode(entry.duplicate()).toString();
        if (text.equals(POISON)) {
            throw new IOException("poisoned");
        }
        position = at;
        entries.add(text);
        appliedSinceOpen.incrementAndGet();
        return ByteBuffer.wrap(Integer.toString(entries.size() - 1).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void applied(LogPosition at) {
        position = at;
    }

    @Override
    public LogPosition checkpoint() throws IOException {
        checkpoints.incrementAndGet();
        if (position.isNone()) {
            return position;
        }
        List<String> lines = new ArrayList<>();
        lines.add(Long.toString(position.term()));
        lines.add(Long.toString(position.index()));
        lines.addAll(entries);
        Files.write(file, lines);
        return position;
    }

    @Override
    public void leadershipChanged(Leadership leadership) {
        leaderships.add(leadership);
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            if (failure == null) {
                checkpoint();
            }
        }
    }

    List<String> entries() {
        return List.copyOf(entries);
    }

    List<Leadership> leaderships() {
        return List.copyOf(leaderships);
    }

    int appliedSinceOpen() {
        return appliedSinceOpen.get();
    }

    int checkpoints() {
        return checkpoints.get();
    }

    LogPosition position() {
        return position;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    boolean isClosed() {
        return closed;
    }
}
