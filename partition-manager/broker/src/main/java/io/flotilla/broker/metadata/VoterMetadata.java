package io.flotilla.broker.metadata;

import io.flotilla.broker.group.GroupStore;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataReplica;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.group.Groups;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Metadata beside a voter in this process: images come from its replica, commands go to its group if it leads.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class VoterMetadata implements BrokerMetadata, GroupStore {
    private final PeerId self;
    private final MetadataReplica replica;
    private final ReplicatedGroup group;
    private final CommandForwarder forwarder;

    /**
     * @param replica attached to {@code group}; its owner closes it
     */
    public VoterMetadata(
            PeerId self,
            MetadataReplica replica,
            ReplicatedGroup group,
            BrokerLinks links,
            ScheduledExecutorService timer,
            Executor executor) {
        this.self = self;
        this.replica = replica;
        this.group = group;
        this.forwarder = new CommandForwarder(
                (brokerId, command) -> brokerId == self.nodeId()
                        ? replica.propose(command)
                        : links.proposeMetadata(brokerId, replica.image(), command),
                this::quorum,
                timer,
                executor);
    }

    @Override
    public MetadataImage image() {
        return replica.image();
    }

    /** An earlier image as {@link MetadataReplica#recentImage} gives it. */
    public Optional<MetadataImage> recentImage(long version) {
        return replica.recentImage(version);
    }

    @Override
    public Listening listen(Consumer<MetadataImage> listener) {
        return replica.listen(listener);
    }

    @Override
    public CompletableFuture<Outcome> submit(MetadataCommand command) {
        return forwarder.submit(command);
    }

    @Override
    public Groups groups() {
        return replica.groups();
    }

    @Override
    public CompletableFuture<Void> readBarrier() {
        return replica.readBarrier();
    }

    /** Applies a command, as one that another broker forwarded, if this one leads; fails with NOT_LEADER otherwise. */
    @Override
    public CompletableFuture<Outcome> propose(MetadataCommand command) {
        return replica.propose(command);
    }

    /** The metadata as {@link MetadataReplica#snapshot} gives it. */
    public ByteBuffer snapshot(long minIndex) {
        return replica.snapshot(minIndex);
    }

    /** This broker's part in the metadata group. */
    @Override
    public Leadership leadership() {
        return replica.leadership();
    }

    /** Why this broker's replica of the metadata has stopped by itself, if so. */
    public Optional<Throwable> failure() {
        return replica.failure();
    }

    /** How far this broker's member of the metadata group has come; empty while it cannot tell. */
    public Optional<GroupProgress> progress() {
        return group.progress();
    }

    public List<PeerId> voters() {
        return group.peers().stream().map(Peer::id).toList();
    }

    /** Fails with a retriable error if the other voter does not take it. */
    public CompletableFuture<Void> transferLeadership(PeerId target) {
        return group.transferLeadership(target);
    }

    @Override
    public Quorum quorum() {
        Leadership leadership = replica.leadership();
        return new Quorum(
                leadership.isLeader()
                        ? Optional.of(self.nodeId())
                        : leadership.leader().map(PeerId::nodeId),
                group.peers().stream().map(Peer::id).map(PeerId::nodeId).toList());
    }

    @Override
    public void close() {}
}
