package io.flotilla.raftlog.raft.ratis.simulation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A state that keeps every entry and forgets, when it is closed, what it had not put on its {@link Disk}: as a crash
 * would have it. Catches up from any other member that is open.
 *
 * <p>Threading: safe for all threads.
 */
public final class Journal implements ReplicatedState, CatchUp {
    /** Learns what members see; called on threads of theirs. */
    public interface Witness {
        void applied(Applied entry);

        void led(long term);

        Witness NONE = new Witness() {
            @Override
            public void applied(Applied entry) {}

            @Override
            public void led(long term) {}
        };
    }

    private final Disk disk;
    private final Supplier<Collection<Journal>> others;
    private final Witness witness;
    private final List<Leadership> leaderships = new CopyOnWriteArrayList<>();

    @GuardedBy("this")
    private LogPosition position = LogPosition.NONE;

    @GuardedBy("this")
    private final List<Applied> entries = new ArrayList<>();

    @GuardedBy("this")
    private int installed;

    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    public Journal(Disk disk, Supplier<Collection<Journal>> others, Witness witness) {
        this.disk = disk;
        this.others = others;
        this.witness = witness;
    }

    @Override
    public synchronized LogPosition open() {
        load(disk.content());
        return position;
    }

    @GuardedBy("this")
    private void load(Disk.Content content) {
        position = content.position();
        entries.clear();
        entries.addAll(content.entries());
    }

    @Override
    public ByteBuffer apply(LogPosition at, ByteBuffer entry) {
        Applied applied = Applied.of(at, entry);
        synchronized (this) {
            advance(at);
            entries.add(applied);
        }
        witness.applied(applied);
        return applied.answer();
    }

    @Override
    public synchronized void applied(LogPosition at) {
        advance(at);
    }

    @GuardedBy("this")
    private void advance(LogPosition at) {
        if (at.index() != position.index() + 1 || at.term() < position.term()) {
            throw new IllegalStateException(at + " comes after " + position);
        }
        position = at;
    }

    @Override
    public synchronized LogPosition checkpoint() {
        disk.write(position, List.copyOf(entries));
        return position;
    }

    @Override
    public Optional<CatchUp> catchUp() {
        return Optional.of(this);
    }

    @Override
    public CompletableFuture<LogPosition> fetch(long minIndex) {
        for (Journal other : others.get()) {
            if (other != this && !other.closed && other.giveTo(disk, minIndex)) {
                return CompletableFuture.completedFuture(disk.content().position());
            }
        }
        return CompletableFuture.failedFuture(new IOException("nobody has entry " + minIndex));
    }

    private synchronized boolean giveTo(Disk asking, long minIndex) {
        if (position.index() < minIndex) {
            return false;
        }
        asking.fetched(position, List.copyOf(entries));
        return true;
    }

    @Override
    public synchronized LogPosition install() {
        Disk.Content content = disk.content();
        if (content.position().index() > position.index()) {
            load(content);
            installed++;
        }
        return position;
    }

    @Override
    public LogPosition fetchedPosition() {
        return disk.content().fetched();
    }

    @Override
    public void leadershipChanged(Leadership leadership) {
        leaderships.add(leadership);
        if (leadership.isLeader()) {
            witness.led(leadership.term());
        }
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }

    @Override
    public void close() {
        closed = true;
    }

    public synchronized List<Applied> entries() {
        return List.copyOf(entries);
    }

    public List<String> texts() {
        return entries().stream().map(Applied::text).toList();
    }

    public synchronized LogPosition position() {
        return position;
    }

    /** How often a state of another member took the place of this one. */
    public synchronized int installed() {
        return installed;
    }

    public List<Leadership> leaderships() {
        return List.copyOf(leaderships);
    }

    /** Why the member stopped by itself, null if it did not. */
    public @Nullable Throwable failure() {
        return failure;
    }

    public boolean isClosed() {
        return closed;
    }
}
