package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the metadata's leader does for its own group, so that its voters become what the metadata wants: a leader that is to
 * go hands its leadership to a voter that stays; brokers that are to vote ask for that by themselves and take the places of
 * those that go; who is left over is taken out. One change is under way at a time; what fails is decided anew after a pause.
 *
 * <p>Threading: none; the owner takes one step at a time.
 */
final class MetadataVoterSteps {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataVoterSteps.class);

    private final MetadataGroup group;
    private final PeerId self;
    private final ControllerSettings settings;
    private @Nullable CompletableFuture<?> underWay;
    private long quietUntilMillis = Long.MIN_VALUE;

    MetadataVoterSteps(MetadataGroup group, PeerId self, ControllerSettings settings) {
        this.group = group;
        this.self = self;
        this.settings = settings;
    }

    /**
     * @param nowMillis of any clock that never goes back
     * @param done      called, on any thread, when a change has ended
     * @return milliseconds until the next step
     */
    long step(MetadataImage image, long nowMillis, Runnable done) {
        long interval = settings.interval().toMillis();
        CompletableFuture<?> begun = underWay;
        if (begun != null && !begun.isDone()) {
            return interval;
        }
        underWay = null;
        Optional<List<Peer>> voters = group.isReadyLeader() ? group.committedVoters() : Optional.empty();
        if (voters.isPresent() && nowMillis >= quietUntilMillis) {
            look(image, voters.get(), nowMillis, done);
        }
        return interval;
    }

    private void look(MetadataImage image, List<Peer> voters, long nowMillis, Runnable done) {
        List<PeerId> ids = voters.stream().map(Peer::id).toList();
        VoterChange.Step step = former(ids, group.votersInStep(), self)
                .map(former -> VoterChange.taking(former, ids))
                .orElseGet(() -> next(ids, image.metadataVoters().target(), self));
        if (step instanceof VoterChange.Step.Change change) {
            List<Peer> wanted = voters.stream()
                    .filter(voter -> change.voters().contains(voter.id()))
                    .toList();
            begin("voters", change.voters(), nowMillis, done, () -> group.changeVoters(voters, wanted));
        } else if (step instanceof VoterChange.Step.HandOver handOver) {
            Set<PeerId> inStep = group.votersInStep();
            handOver.candidates().stream()
                    .filter(inStep::contains)
                    .findFirst()
                    .ifPresent(successor ->
                            begin("leader", successor, nowMillis, done, () -> group.transferLeadership(successor)));
        }
    }

    /** A voter that a broker was before its disk was wiped, while the broker votes as whom it is now. */
    static Optional<PeerId> former(List<PeerId> voters, Set<PeerId> inStep, PeerId leader) {
        return voters.stream()
                .filter(voter -> !inStep.contains(voter) && !voter.equals(leader))
                .filter(voter -> voters.stream()
                        .anyMatch(
                                now -> now.nodeId() == voter.nodeId() && (inStep.contains(now) || now.equals(leader))))
                .findFirst();
    }

    /**
     * As for a partition, but that a leader which is to go hands over first, if there is a voter that stays: what comes
     * then is carried out by one that need not go.
     */
    static VoterChange.Step next(List<PeerId> voters, List<PeerId> target, PeerId leader) {
        if (target.isEmpty()) {
            return new VoterChange.Step.Wait();
        }
        List<PeerId> staying = voters.stream().filter(target::contains).toList();
        return target.contains(leader) || staying.isEmpty()
                ? VoterChange.next(voters, target, leader)
                : new VoterChange.Step.HandOver(staying);
    }

    private void begin(
            String what, Object wanted, long nowMillis, Runnable done, Supplier<CompletableFuture<Void>> change) {
        LOG.info("changes the {} of the metadata to={}", what, wanted);
        quietUntilMillis = nowMillis + settings.retryDelay().toMillis();
        underWay = change.get().handle((nothing, failure) -> {
            if (failure == null) {
                LOG.info("changed the {} of the metadata to={}", what, wanted);
            } else {
                LOG.info("could not change the {} of the metadata to={} reason={}", what, wanted, failure.toString());
            }
            done.run();
            return null;
        });
    }
}
