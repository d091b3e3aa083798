package io.flotilla.broker;

import io.flotilla.metadata.MetadataReplica;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this broker a voter of the metadata that exists: a new one, or one whose Raft files or snapshot are damaged or
 * lost. The other voters take it out of the group if it is there, it opens anew with nothing to remember, catches up and
 * is made a voter, in place of the one that its broker was before its disk was wiped, or of one that is to go. A voter
 * waits for that at its start, since nothing of it works without.
 *
 * <p>Threading: one thread calls {@link #run} once.
 */
final class VoterRepair {
    private static final Logger LOG = LoggerFactory.getLogger(VoterRepair.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RaftHost host;
    private final GroupId group;
    private final MetadataReplica replica;
    private final PeerChanges changes;
    private final Path quarantine;
    private final Admitted admitted;
    private final LookAround lookAround;
    private final CountDownLatch stop;
    private String told = "";

    /** Told before the member's files are trusted at a start. */
    interface Admitted {
        void writeDown() throws IOException;
    }

    /** Finds out who votes now, so that the next attempt asks those. */
    interface LookAround {
        void run() throws InterruptedIOException;
    }

    /**
     * @param quarantine folder where a damaged snapshot goes
     * @param admitted   writes down that this broker is a voter
     * @param lookAround called after an attempt that failed
     * @param stop       ends the attempts when it reaches zero
     */
    VoterRepair(
            RaftHost host,
            GroupId group,
            MetadataReplica replica,
            PeerChanges changes,
            Path quarantine,
            Admitted admitted,
            LookAround lookAround,
            CountDownLatch stop) {
        this.host = host;
        this.group = group;
        this.replica = replica;
        this.changes = changes;
        this.quarantine = quarantine;
        this.admitted = admitted;
        this.lookAround = lookAround;
        this.stop = stop;
    }

    /** Whether this helps: the files are damaged or gone, not a disk that fails or a folder of another cluster. */
    static boolean helpsAgainst(Optional<IOException> refusal) {
        return refusal.isEmpty() || refusal.get() instanceof DamagedMember || refusal.get() instanceof DamagedState;
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    /**
     * @return the group, of which this member is a voter again
     * @throws InterruptedIOException if the broker is stopped before
     * @throws NotToVote              if the group's leader does not want it as a voter; the member stays open
     */
    ReplicatedGroup run() throws IOException {
        ReplicatedGroup member = untilDone(() -> {
            changes.remove(group);
            return openAnew();
        });
        return untilDone(() -> {
            changes.add(group);
            if (member.peers().stream().noneMatch(peer -> peer.id().equals(host.self()))) {
                throw new IOException("this member does not know yet that it is a voter again");
            }
            admitted.writeDown();
            host.rejoined(group);
            LOG.warn("this broker is a voter of the metadata group={}", group);
            return member;
        });
    }

    private ReplicatedGroup openAnew() throws IOException {
        try {
            return host.rejoin(group);
        } catch (DamagedState damage) {
            Path place = quarantine.resolve("metadata.snapshot-" + System.currentTimeMillis());
            LOG.error("the snapshot of the metadata is damaged and goes to {}", place, damage);
            replica.quarantineSnapshot(place);
            return host.rejoin(group);
        }
    }

    private <T> T untilDone(Attempt<T> attempt) throws IOException {
        while (true) {
            try {
                return attempt.run();
            } catch (InterruptedIOException stopped) {
                throw stopped;
            } catch (IOException obstacle) {
                if (obstacle.getCause() instanceof Refused refused && refused.code() == ErrorCode.CONFLICT) {
                    throw new NotToVote(obstacle);
                }
                String reason = String.valueOf(obstacle.getMessage());
                if (!reason.equals(told)) {
                    told = reason;
                    LOG.warn(
                            "this broker waits until it is a voter of the metadata; a majority of the voters must run"
                                    + " for that: {}",
                            reason);
                }
            }
            lookAround.run();
            pause();
        }
    }

    private void pause() throws InterruptedIOException {
        try {
            if (stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedIOException("the broker was stopped before its metadata was repaired");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the broker was stopped before its metadata was repaired");
        }
    }
}
