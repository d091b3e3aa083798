package io.flotilla.broker;

import io.flotilla.broker.group.GroupStore;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.group.Groups;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Consumer groups as this broker's voter of the metadata has them, whenever it is one: a broker may become a voter, and be
 * one no more, while it runs.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class SeatGroups implements GroupStore {
    private final Supplier<Optional<VoterMetadata>> voter;
    private final BrokerMetadata metadata;

    SeatGroups(Supplier<Optional<VoterMetadata>> voter, BrokerMetadata metadata) {
        this.voter = voter;
        this.metadata = metadata;
    }

    @Override
    public MetadataImage image() {
        return voter.get().map(VoterMetadata::image).orElseGet(metadata::image);
    }

    @Override
    public Groups groups() {
        return voter.get().map(VoterMetadata::groups).orElse(Groups.NONE);
    }

    @Override
    public Leadership leadership() {
        return voter.get()
                .map(VoterMetadata::leadership)
                .orElseGet(() -> new Leadership(Leadership.Role.FOLLOWER, 0, leader(), false));
    }

    private Optional<PeerId> leader() {
        return metadata.quorum()
                .leader()
                .flatMap(id -> metadata.image().broker(id))
                .map(BrokerRegistration::peerId);
    }

    @Override
    public CompletableFuture<Outcome> propose(MetadataCommand command) {
        return voter.get().map(present -> present.propose(command)).orElseGet(this::notLeading);
    }

    @Override
    public CompletableFuture<Void> readBarrier() {
        return voter.get().map(VoterMetadata::readBarrier).orElseGet(this::notLeading);
    }

    private <T> CompletableFuture<T> notLeading() {
        return CompletableFuture.failedFuture(new NotLeader(
                "this broker does not vote on the metadata",
                0,
                metadata.quorum().leader()));
    }
}
