package io.flotilla.manager;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who should lead a partition instead of the broker that does: its preferred leader, which placement has spread evenly,
 * as soon as that one can; and whoever can, while the broker that leads is to have no leaderships.
 */
final class LeaderPlan {
    private LeaderPlan() {}

    /**
     * A better leader.
     *
     * @param urgent whether it should not be waited for long
     */
    record Successor(PeerId peer, boolean urgent) {}

    /**
     * @param self   the leader
     * @param inStep followers that could take over at once
     */
    static Optional<Successor> successor(
            MetadataImage image, PartitionAssignment assignment, PeerId self, Set<PeerId> inStep) {
        List<PeerId> able = assignment.wanted().stream()
                .filter(peer -> inStep.contains(peer) && isInService(image, peer))
                .toList();
        if (!isInService(image, self)) {
            // By the partition's number, so that not all of a broker's leaderships go to the same one.
            return able.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Successor(able.get(assignment.partition() % able.size()), true));
        }
        PeerId preferred = assignment.wanted().get(0);
        return !preferred.equals(self) && able.contains(preferred)
                ? Optional.of(new Successor(preferred, false))
                : Optional.empty();
    }

    private static boolean isInService(MetadataImage image, PeerId peer) {
        return image.brokerOf(peer)
                .map(BrokerRegistration::status)
                .filter(status -> status.isInService())
                .isPresent();
    }
}
