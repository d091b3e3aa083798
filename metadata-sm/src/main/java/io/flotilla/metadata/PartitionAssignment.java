package io.flotilla.metadata;

import io.flotilla.raftlog.raft.PeerId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which peers hold a partition, and who led it when somebody last said so.
 *
 * <p>A partition moves in three steps: a command sets the {@code target}; peers that are in it make a replica and become
 * voters of the partition's group, and the group's leader takes those out that are not; the leader reports voters equal
 * to the target, which then are the {@code replicas}. A peer named in any of the three lists keeps its files.
 *
 * <p>A partition that has lost a majority for good goes on from one survivor, as another incarnation: with another group,
 * in which nobody of the former one counts who did not join it anew.
 *
 * @param partition   from 0
 * @param replicas    distinct; the first is the preferred leader
 * @param target      what the replicas shall be, distinct; empty while nothing is to change
 * @param voters      of the group as its leader last reported them, in no order that means anything
 * @param moved       whether the replicas are others than the group was founded with: a member that is missing then joins,
 *     and must not found
 * @param leaderEpoch highest epoch reported, 0 before any
 * @param leader      broker id of that epoch's leader: a hint for clients, never a permission to serve
 * @param incarnation 0 for the group that was founded first, one more with each recovery
 * @param survivor    who is to found the group of this incarnation with what it has; empty as soon as it leads it
 */
public record PartitionAssignment(
        int partition,
        List<PeerId> replicas,
        List<PeerId> target,
        List<PeerId> voters,
        boolean moved,
        int leaderEpoch,
        Optional<Integer> leader,
        int incarnation,
        Optional<PeerId> survivor) {
    /** Epochs that a recovery leaves out: elections of the group that was given up of which nobody has told. */
    public static final int EPOCHS_SKIPPED = 1_000;

    public PartitionAssignment {
        replicas = List.copyOf(replicas);
        target = List.copyOf(target);
        // Equal sets are one list, which most partitions have: it is kept and encoded once.
        voters = sameMembers(voters, replicas) ? replicas : List.copyOf(voters);
    }

    public static PartitionAssignment unled(int partition, List<PeerId> replicas) {
        return new PartitionAssignment(
                partition, replicas, List.of(), replicas, false, 0, Optional.empty(), 0, Optional.empty());
    }

    public static boolean sameMembers(List<PeerId> one, List<PeerId> other) {
        return one.size() == other.size() && new HashSet<>(one).equals(new HashSet<>(other));
    }

    public PartitionAssignment ledBy(int brokerId, int epoch) {
        return new PartitionAssignment(
                partition,
                replicas,
                target,
                voters,
                moved,
                epoch,
                Optional.of(brokerId),
                incarnation,
                Optional.empty());
    }

    /** With the group's voters as reported; a move is over when they are what it was to bring about. */
    public PartitionAssignment withVoters(List<PeerId> reported) {
        boolean arrived = isMoving() && sameMembers(reported, target);
        return arrived ? placed(target, List.of(), target, true) : placed(replicas, target, reported, moved);
    }

    /** With another target, which is reached at once if it only changes the order of what is there. */
    public PartitionAssignment towards(List<PeerId> wanted) {
        if (!sameMembers(wanted, voters)) {
            return placed(replicas, wanted, voters, moved);
        }
        boolean others = moved || !sameMembers(wanted, replicas);
        return placed(wanted, List.of(), wanted, others);
    }

    private PartitionAssignment placed(
            List<PeerId> newReplicas, List<PeerId> newTarget, List<PeerId> newVoters, boolean nowMoved) {
        return new PartitionAssignment(
                partition, newReplicas, newTarget, newVoters, nowMoved, leaderEpoch, leader, incarnation, survivor);
    }

    /** Given up but for one peer, which goes on with what it has; its epochs are higher than all before. */
    public PartitionAssignment recoveredFrom(PeerId only) {
        return new PartitionAssignment(
                partition,
                List.of(only),
                List.of(),
                List.of(only),
                true,
                leaderEpoch + EPOCHS_SKIPPED,
                Optional.empty(),
                incarnation + 1,
                Optional.of(only));
    }

    /** Whether the survivor has not led the present incarnation yet. */
    public boolean isRecovering() {
        return survivor.isPresent();
    }

    public boolean isMoving() {
        return !target.isEmpty();
    }

    /** The replicas as they shall be in the end. */
    public List<PeerId> wanted() {
        return isMoving() ? target : replicas;
    }

    /** Whoever has, had or will have a replica and must keep its files. */
    public Set<PeerId> holders() {
        Set<PeerId> holders = new LinkedHashSet<>(replicas);
        holders.addAll(voters);
        holders.addAll(target);
        return holders;
    }

    public PeerId preferredLeader() {
        return replicas.get(0);
    }

    /** Whether the broker may have a voter of the partition's group. */
    public boolean isOn(int brokerId) {
        return holders().stream().anyMatch(peer -> peer.nodeId() == brokerId);
    }
}
