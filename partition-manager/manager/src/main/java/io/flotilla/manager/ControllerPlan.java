package io.flotilla.manager;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AssignTargets;
import io.flotilla.metadata.MetadataCommand.EndOperation;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.MovePlanner;
import io.flotilla.metadata.core.OperationProgress;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The next thing the controller has to do for an image: a pure function, so that whoever becomes controller goes on where
 * the one before it stopped.
 *
 * <p>In this order: operations that have arrived are ended; partitions get targets - first those whose voters are not
 * their replicas any more, then those with a replica on a peer that is gone or stayed dead, then those that a recovery has
 * left with too few, then those that operations want elsewhere - as long as fewer than the allowed number are moving; and when all is quiet, preferred leaders are
 * spread evenly.
 */
final class ControllerPlan {
    private final MetadataImage image;
    private final ControllerSettings settings;
    private final long wallMillis;
    private final MovePlanner planner;
    private final List<TargetReplicas> targets = new ArrayList<>();
    private int room;

    private ControllerPlan(MetadataImage image, ControllerSettings settings, long wallMillis) {
        this.image = image;
        this.settings = settings;
        this.wallMillis = wallMillis;
        this.planner = MovePlanner.in(image);
        this.room = settings.movesMax();
    }

    /** @param wallMillis milliseconds since the epoch */
    static Optional<MetadataCommand> next(MetadataImage image, ControllerSettings settings, long wallMillis) {
        ControllerPlan plan = new ControllerPlan(image, settings, wallMillis);
        plan.choose();
        return plan.targets.isEmpty() ? plan.ending() : Optional.of(new AssignTargets(plan.targets));
    }

    private void choose() {
        forEach((topic, partition) -> {
            if (partition.isMoving()) {
                room--;
            }
        });
        forEach(this::settle);
        forEach(this::repair);
        forEach(this::complete);
        for (Operation operation : image.operations()) {
            if (operation.isRunning()) {
                carryOn(operation.job());
            }
        }
        evenLeaders();
    }

    /** Moves leave preferred leaders uneven at times. Changing an order moves no data, but is left for quiet times. */
    private void evenLeaders() {
        boolean quiet = targets.isEmpty()
                && room == settings.movesMax()
                && image.operations().stream().noneMatch(Operation::isRunning);
        if (!quiet || !planner.isPreferenceSettled()) {
            return;
        }
        for (Optional<TargetReplicas> even = planner.evenPreferred();
                even.isPresent() && room > 0;
                even = planner.evenPreferred()) {
            targets.add(even.get());
            room--;
        }
    }

    private interface Each {
        void look(Topic topic, PartitionAssignment partition);
    }

    private void forEach(Each each) {
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                each.look(topic, partition);
            }
        }
    }

    /** A group whose voters became others than its replicas, by a leader that knew an older image, is brought back. */
    private void settle(Topic topic, PartitionAssignment partition) {
        boolean astray = !PartitionAssignment.sameMembers(partition.voters(), partition.replicas());
        if (!partition.isMoving() && astray && partition.voters().stream().anyMatch(isNoReplicaOf(partition))) {
            assign(topic, partition, Optional.of(partition.replicas()));
        }
    }

    /** A voter that is missing is not astray: it has lost its files, and joins again by itself. */
    private static Predicate<PeerId> isNoReplicaOf(PartitionAssignment partition) {
        return voter -> !partition.replicas().contains(voter);
    }

    private void repair(Topic topic, PartitionAssignment partition) {
        if (partition.isRecovering() || partition.wanted().stream().allMatch(this::isFit)) {
            return;
        }
        List<PeerId> renewed = new ArrayList<>(partition.wanted());
        renewed.replaceAll(this::sameBroker);
        if (!renewed.equals(partition.wanted()) && renewed.stream().allMatch(this::isFit)) {
            assign(topic, partition, Optional.of(renewed));
        } else {
            assign(
                    topic,
                    partition,
                    planner.retarget(partition, partition.wanted().size(), this::isFit));
        }
    }

    /** A partition that goes on from one replica gets others again, as many as there are brokers for. */
    private void complete(Topic topic, PartitionAssignment partition) {
        if (partition.incarnation() == 0 || partition.isRecovering() || partition.isMoving()) {
            return;
        }
        for (int factor = topic.replicationFactor();
                factor > partition.replicas().size();
                factor--) {
            Optional<List<PeerId>> completed = retargeted(partition, factor, this::isFit);
            if (completed.isPresent()) {
                assign(topic, partition, completed);
                return;
            }
        }
    }

    /** The peer that its broker is now, after its disk was wiped, if it can be used. */
    private PeerId sameBroker(PeerId peer) {
        return image.broker(peer.nodeId())
                .filter(broker -> !broker.peerId().equals(peer))
                .filter(broker -> !broker.status().leaving() && !broker.status().isFenced())
                .map(BrokerRegistration::peerId)
                .orElse(peer);
    }

    private boolean isFit(PeerId peer) {
        return image.brokerOf(peer).filter(broker -> !isDeadForGood(broker)).isPresent();
    }

    private boolean isDeadForGood(BrokerRegistration broker) {
        long delayMillis = settings.replacementDelay().toMillis();
        return delayMillis > 0
                && broker.status().isFenced()
                && wallMillis - broker.status().fencedAtMillis() >= delayMillis;
    }

    private void carryOn(Job job) {
        if (job instanceof Job.Decommission decommission) {
            Predicate<PeerId> stays = peer -> peer.nodeId() != decommission.brokerId() && isFit(peer);
            forEach((topic, partition) -> {
                if (!partition.isMoving() && partition.isOn(decommission.brokerId())) {
                    assign(topic, partition, retargeted(partition, topic.replicationFactor(), stays));
                }
            });
        } else if (job instanceof Job.ChangeReplication change) {
            forEach((topic, partition) -> {
                if (topic.id().equals(change.topicId())
                        && !partition.isMoving()
                        && partition.replicas().size() != change.replicationFactor()) {
                    assign(topic, partition, retargeted(partition, change.replicationFactor(), this::isFit));
                }
            });
        } else if (job instanceof Job.Rebalance) {
            for (Optional<TargetReplicas> even = evenOut(); even.isPresent(); even = evenOut()) {
                targets.add(even.get());
                room--;
            }
        }
    }

    private Optional<List<PeerId>> retargeted(PartitionAssignment partition, int factor, Predicate<PeerId> stays) {
        return room > 0 ? planner.retarget(partition, factor, stays) : Optional.empty();
    }

    private Optional<TargetReplicas> evenOut() {
        return room > 0 ? planner.evenOut() : Optional.empty();
    }

    private void assign(Topic topic, PartitionAssignment partition, Optional<List<PeerId>> replicas) {
        TargetReplicas target =
                new TargetReplicas(topic.partitionId(partition.partition()), replicas.orElse(List.of()));
        boolean chosen = targets.stream().anyMatch(other -> other.partition().equals(target.partition()));
        if (room <= 0 || chosen || target.peers().isEmpty()) {
            return;
        }
        targets.add(target);
        if (!partition.isMoving()) {
            room--;
        }
    }

    private Optional<MetadataCommand> ending() {
        for (Operation operation : image.operations()) {
            if (operation.isRunning()
                    && OperationProgress.of(image, operation.job()).isDone()) {
                return Optional.of(
                        new EndOperation(operation.id(), Operation.State.DONE, operation.message(), wallMillis));
            }
        }
        return Optional.empty();
    }
}
