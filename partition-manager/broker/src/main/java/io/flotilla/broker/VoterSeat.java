package io.flotilla.broker;

import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.Identity;
import io.flotilla.broker.identity.Membership;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.RemoteVoters;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataReplica;
import io.flotilla.metadata.SnapshotSource;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * This broker's voter of the metadata, while it has one: its replica, its member of the Raft group, and what the data folder
 * says of both.
 *
 * <p>Threading: {@link #state} may be called by any thread, the rest by one at a time.
 */
final class VoterSeat implements AutoCloseable {
    private final DataFolder folder;
    private final Membership membership;
    private final GroupId group;
    private final PeerId self;
    private final SnapshotSource snapshots;
    private final PeerChanges changes;
    private final RemoteVoters remote;
    private final BrokerLinks links;
    private final BrokerThreads threads;
    private final CountDownLatch stop;
    private volatile @Nullable MetadataReplica replica;

    /**
     * @param remote  tells who votes now, should all that are known here be gone
     * @param changes has the group's leader make this broker a voter
     * @param stop    ends waiting for that when it reaches zero
     */
    VoterSeat(
            DataFolder folder,
            Membership membership,
            SnapshotSource snapshots,
            RemoteVoters remote,
            PeerChanges changes,
            BrokerLinks links,
            BrokerThreads threads,
            CountDownLatch stop) {
        this.folder = folder;
        this.membership = membership;
        this.group = MetadataReplica.groupIdOf(membership.clusterId());
        this.self = folder.identity().peerId();
        this.snapshots = snapshots;
        this.remote = remote;
        this.changes = changes;
        this.links = links;
        this.threads = threads;
        this.stop = stop;
    }

    /**
     * Before the host starts: whether this broker votes from its start on, or asks to. So does a founder or whoever was a
     * voter last, and a seed: in place of the voter that it was before its disk was wiped, or as one more if the seeds have
     * grown. One whose voter has left the group waits until it is nominated again.
     */
    boolean prepare(boolean isSeed) {
        Identity identity = folder.identity();
        boolean votes =
                !identity.metadataRetired() && (identity.metadataStarted() || membership.isVoter(self) || isSeed);
        if (votes) {
            openReplica();
        }
        return votes;
    }

    private MetadataReplica openReplica() {
        MetadataReplica opened =
                MetadataReplica.open(folder.path().resolve("metadata"), membership.clusterId(), snapshots);
        replica = opened;
        return opened;
    }

    GroupId group() {
        return group;
    }

    /** What the host's factory answers for the metadata's group. */
    Optional<ReplicatedState> state() {
        return Optional.ofNullable(replica).map(MetadataReplica::state);
    }

    /**
     * The voter of a broker that has one at its start; waits for the other voters if its files are damaged or it is new.
     *
     * @throws NotToVote   if it is no voter any more, or shall be none
     * @throws IOException if its files are gone and nobody can help; the message names the remedy
     */
    VoterMetadata open(RaftHost host) throws IOException {
        MetadataReplica prepared = replica;
        if (prepared == null) {
            throw new IllegalStateException("this broker was not prepared to vote");
        }
        Optional<ReplicatedGroup> recovered = host.group(group);
        VoterMetadata voter = recovered.isPresent() ? voter(prepared, recovered.get()) : foundOrRepair(host, prepared);
        folder.metadataStarted();
        return voter;
    }

    private VoterMetadata foundOrRepair(RaftHost host, MetadataReplica prepared) throws IOException {
        Optional<IOException> refusal = host.refusal(group);
        boolean founds = membership.isVoter(self);
        if (founds && refusal.isEmpty() && !folder.identity().metadataStarted()) {
            return voter(prepared, host.create(group, membership.voters()));
        }
        boolean alone = founds && membership.voters().size() == 1 && knowsNobody();
        if (alone || !VoterRepair.helpsAgainst(refusal)) {
            throw new IOException(
                    "this broker is a voter of the cluster's metadata, but its Raft files below "
                            + folder.path().resolve("raft").resolve(group.toString())
                            + " are gone or were refused, as the log says; starting empty could lose the cluster's metadata. "
                            + (alone ? "It is the only voter, so no other broker can help. " : "")
                            + "Restore them, or empty the whole data folder so that the broker joins anew",
                    refusal.orElse(null));
        }
        return voter(prepared, admission(host, prepared));
    }

    private boolean knowsNobody() {
        return folder.identity().contacts().stream().allMatch(contact -> contact.brokerId() == self.nodeId());
    }

    /**
     * Becomes a voter while the broker runs, however long that takes.
     *
     * @throws NotToVote if the group's leader does not want it any more
     */
    VoterMetadata join(RaftHost host) throws IOException {
        MetadataReplica earlier = replica;
        MetadataReplica opened = openReplica();
        if (earlier != null) {
            earlier.close();
        }
        return voter(opened, admission(host, opened));
    }

    private ReplicatedGroup admission(RaftHost host, MetadataReplica prepared) throws IOException {
        return new VoterRepair(
                        host,
                        group,
                        prepared,
                        changes,
                        folder.path().resolve("quarantine").resolve("metadata"),
                        folder::metadataStarted,
                        this::lookAround,
                        stop)
                .run();
    }

    /** Whom the answers name is asked from then on. */
    private void lookAround() throws InterruptedIOException {
        var unused = remote.committed(MetadataImage.empty(membership.clusterId()), List.of());
    }

    private VoterMetadata voter(MetadataReplica prepared, ReplicatedGroup member) {
        prepared.attach(member);
        return new VoterMetadata(self, prepared, member, links, threads.timer(), threads.requests());
    }

    /**
     * Gives up the voter, which the group does not count any more, and deletes its Raft files. May be called again after a
     * failure. The replica goes on to tell the newest image it has until {@link #close}, or until this broker votes again.
     */
    void leave(RaftHost host) throws IOException {
        host.remove(group); // first: a folder that is said to hold no voter must not have one
        if (folder.identity().metadataStarted()) {
            folder.metadataRetired();
        }
    }

    /** Has the host's close leave the voter's files as a killed process would. */
    void abandon() {
        MetadataReplica last = replica;
        if (last != null) {
            last.abandon();
        }
    }

    @Override
    public void close() {
        MetadataReplica last = replica;
        if (last != null) {
            last.close();
        }
    }
}
