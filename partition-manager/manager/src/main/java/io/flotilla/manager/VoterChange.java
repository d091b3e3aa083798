package io.flotilla.manager;

import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a partition's voters change on the way to its target, one voter at a time, each change begun by the group's leader:
 *
 * <ol>
 *   <li>A peer of the target that has a replica asks to become a voter. One that is to leave makes room for it: first if it
 *       is silent, so that it does not count among more voters, of whom a majority would be harder to reach; else
 *       afterwards, so that the group never has fewer voters that work. A group so has one voter more than it shall have
 *       at most. Of two voters none goes first: what is committed might be on one voter alone.
 *   <li>When all of the target vote, those go that are left over.
 *   <li>A leader that is to leave hands its leadership to one that stays, which takes it out.
 * </ol>
 *
 * <p>Never two voters at once: any majority of the old voters must have a member in common with any of the new ones
 * (Ongaro's dissertation, 4.1), since the consensus library ends a transition that a new leader finds in its log without
 * having it committed by the old voters.
 */
public final class VoterChange {
    private VoterChange() {}

    /**
     * The next voters when a peer asks to be one of them: it is among them, or one that leaves is not, and the peer is to
     * ask again.
     *
     * @param voters   of now
     * @param leader   stays: it carries the change out
     * @param silent   voters that do not answer; they leave before others
     * @throws Refused with INVALID_REQUEST if the peer is not to have a replica
     */
    public static List<PeerId> admitting(
            PeerId joining, List<PeerId> voters, PartitionAssignment assigned, PeerId leader, Set<PeerId> silent) {
        if (!assigned.wanted().contains(joining)) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "peer " + joining + " is not to have a replica of partition " + assigned.partition()
                            + ", whose replicas shall be " + assigned.wanted(),
                    Map.of("peer", joining.value()));
        }
        return admitting(joining, voters, assigned.wanted(), leader, silent);
    }

    /** The same for a peer that is known to be one of those that are wanted. */
    static List<PeerId> admitting(
            PeerId joining, List<PeerId> voters, List<PeerId> wanted, PeerId leader, Set<PeerId> silent) {
        if (voters.contains(joining)) {
            return voters;
        }
        List<PeerId> leaving = leaving(voters, wanted, leader);
        Optional<PeerId> silentLeaving =
                leaving.stream().filter(silent::contains).findFirst();
        boolean isFull = voters.size() > wanted.size();
        if (!leaving.isEmpty()
                && (isFull || silentLeaving.isPresent())
                && keepsMajority(voters.size() - 1, voters.size())) {
            return without(silentLeaving.orElse(leaving.get(0)), voters);
        }
        List<PeerId> after = new ArrayList<>(voters);
        after.add(joining);
        return List.copyOf(after);
    }

    private static List<PeerId> without(PeerId gone, List<PeerId> voters) {
        return voters.stream().filter(voter -> !voter.equals(gone)).toList();
    }

    private static boolean keepsMajority(int staying, int voters) {
        return 2 * staying > voters;
    }

    private static List<PeerId> leaving(List<PeerId> voters, List<PeerId> wanted, PeerId leader) {
        return voters.stream()
                .filter(voter -> !wanted.contains(voter) && !voter.equals(leader))
                .toList();
    }

    /** What the leader does next. */
    sealed interface Step {
        /** Nothing: the target is reached, or its peers have yet to ask. */
        record Wait() implements Step {}

        /** These shall be the voters. */
        record Change(List<PeerId> voters) implements Step {}

        /** One of these shall lead, any that can. */
        record HandOver(List<PeerId> candidates) implements Step {}
    }

    /** @param voters of a configuration that is committed */
    static Step next(List<PeerId> voters, List<PeerId> target, PeerId leader) {
        if (!voters.containsAll(target)) {
            return new Step.Wait();
        }
        List<PeerId> leaving = leaving(voters, target, leader);
        if (!leaving.isEmpty()) {
            return taking(leaving.get(0), voters);
        }
        return target.contains(leader) ? new Step.Wait() : new Step.HandOver(target);
    }

    /** Takes one out. */
    static Step taking(PeerId leaving, List<PeerId> voters) {
        return new Step.Change(without(leaving, voters));
    }
}
