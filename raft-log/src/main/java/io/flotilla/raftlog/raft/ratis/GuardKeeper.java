package io.flotilla.raftlog.raft.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what a running member has made durable, and writes it to the member's guard: a few times a second while
 * something changes, and once more when the member has stopped in good order. Whatever it writes is durable before, so
 * the guard itself needs no sync: an older one is true as well.
 *
 * <p>What the member made durable after the last write before a crash is guarded by nothing but its checksums.
 *
 * <p>Threading: safe for all threads; {@link #isBehind}, {@link #truncating} and {@link #peersWritten} wait for nothing.
 */
final class GuardKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(GuardKeeper.class);

    private final GroupId group;
    private final Path folder;
    private final AtomicBoolean peersWritten = new AtomicBoolean(true);
    private final AtomicBoolean failureLogged = new AtomicBoolean();
    private final FlushedPosition flushed = new FlushedPosition();

    @GuardedBy("this")
    private @Nullable MemberGuardFile file;

    @GuardedBy("this")
    private boolean closed;

    private volatile @Nullable RaftStorageMetadata vote;
    private volatile long flushIndex = Long.MIN_VALUE;
    private volatile MemberGuard written;

    /**
     * @param base see {@link MemberGuard}
     */
    GuardKeeper(GroupId group, Path folder, LogPosition base) {
        this.group = group;
        this.folder = folder;
        this.written = MemberGuard.startingAt(base);
    }

    /** The log is about to lose the entries from this index on. */
    void truncating(long firstRemoved) {
        flushed.truncating(firstRemoved);
    }

    /** Whether entries up to this index may be leaving the log just now. */
    boolean mayBeTruncating(long lastIndex) {
        return flushed.mayBeTruncating(lastIndex);
    }

    void peersWritten() {
        peersWritten.set(true);
    }

    /** Whether the member has made more durable than the guard tells. Reads no file. */
    boolean isBehind(RaftServer.Division division) {
        try {
            return division.getRaftLog().getFlushIndex() != flushIndex
                    || peersWritten.get()
                    || flushed.isCut()
                    || !division.getRaftStorage()
                            .getMetadataFile()
                            .getMetadata()
                            .equals(vote);
        } catch (IOException | IllegalStateException closing) { // it is told when the member has stopped
            return false;
        }
    }

    /** Brings the guard up to date. */
    synchronized void follow(RaftServer.Division division) {
        if (closed) {
            return;
        }
        RaftLog log = division.getRaftLog();
        try {
            long index = log.getFlushIndex();
            write(division, flushed.of(log).orElse(written.flushed()));
            flushIndex = index;
        } catch (IllegalStateException closing) {
            LOG.debug("the log closed while its guard was brought up to date group={}", group, closing);
        }
    }

    /** The member takes no more entries. Its log is open yet, but perhaps not synced to its end. */
    void ending(RaftServer.Division division) {
        try {
            flushed.ending(division.getRaftLog());
        } catch (IllegalStateException closing) {
            LOG.debug("the log closed before its end was known group={}", group, closing);
        }
    }

    /**
     * The member has stopped.
     *
     * @param orderly whether the guard is to tell exactly where
     */
    synchronized void stopped(RaftServer.@Nullable Division division, boolean orderly) {
        if (closed) {
            return;
        }
        if (orderly && division != null) {
            write(division, flushed.ofEnded(division.getRaftLog()).orElse(written.flushed()));
        }
        closed = true;
        if (file != null) {
            try {
                file.close();
            } catch (IOException failure) {
                LOG.warn("the guard of a member was not closed well group={}", group, failure);
            }
        }
    }

    @GuardedBy("this")
    private void write(RaftServer.Division division, LogPosition durable) {
        boolean newPeers = peersWritten.getAndSet(false);
        try {
            RaftStorageMetadata now =
                    division.getRaftStorage().getMetadataFile().getMetadata();
            PeersFile peers = newPeers ? peers() : null;
            if (newPeers || !now.equals(vote)) {
                // Ratis renames these files and leaves it to luck when that becomes durable.
                DurableFiles.syncFolder(GroupFolders.current(folder));
            }
            MemberGuard guard = new MemberGuard(
                    now.getTerm(),
                    now.getVotedFor().toString(),
                    durable,
                    peers == null ? written.configuration() : peers.position(),
                    peers == null ? written.configurationCrc() : peers.crc(),
                    written.base());
            if (!guard.equals(written) || file == null) {
                openedFile().write(guard);
                written = guard;
            }
            vote = now;
            failureLogged.set(false);
        } catch (IOException failure) {
            if (newPeers) {
                peersWritten.set(true);
            }
            // An older guard is true too, and what replaces it is tried again.
            if (failureLogged.compareAndSet(false, true)) {
                LOG.error("the guard of a member cannot be written group={}", group, failure);
            }
        }
    }

    private @Nullable PeersFile peers() throws IOException {
        Path configuration = GroupFolders.configurationFile(folder);
        Optional<PeersFile> peers = Files.exists(configuration) ? PeersFile.read(configuration) : Optional.empty();
        return peers.orElse(null);
    }

    @GuardedBy("this")
    private MemberGuardFile openedFile() throws IOException {
        MemberGuardFile opened = file;
        if (opened == null) {
            opened = MemberGuardFile.open(group, folder);
            file = opened;
        }
        return opened;
    }
}
