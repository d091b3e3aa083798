package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataCommand.ChangeMetadataVoters;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataVoters;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Who shall vote on the metadata.
 *
 * <ul>
 *   <li>A voter goes if its broker is being decommissioned, or has another directory now, so that nobody is that voter.
 *   <li>A broker in service that does not vote takes its place: the one nominated before, so that a change that has begun
 *       goes on; then the same broker with its new directory; then one in a rack where no other voter is; then the one
 *       with the fewest replicas; then the lowest id.
 *   <li>Of an even number, four or more, one goes without a successor: three can lose as many as four can, and need fewer
 *       to agree. Where there are too few successors, fewer voters are left, but never fewer than {@value #VOTERS_MIN}, or
 *       than there were if those were fewer: a voter that would have to go stays until another broker has come.
 * </ul>
 */
public final class VoterRules {
    /** Fewer voters than these cannot lose one and go on. */
    public static final int VOTERS_MIN = 3;

    private final MetadataImage image;
    private final List<PeerId> voters;
    private final IntPredicate leaves;
    private final Map<Integer, Integer> replicas = new HashMap<>();

    private VoterRules(MetadataImage image, List<PeerId> voters, IntPredicate leaves) {
        this.image = image;
        this.voters = voters;
        this.leaves = leaves;
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                partition.replicas().forEach(peer -> replicas.merge(peer.nodeId(), 1, Integer::sum));
            }
        }
    }

    /**
     * Who shall be the voters; empty if that is who they are.
     *
     * @param voters of now, by a committed configuration
     */
    public static List<PeerId> target(MetadataImage image, List<PeerId> voters) {
        List<PeerId> wanted = new VoterRules(image, voters, id -> isLeaving(image, id)).wanted();
        return PartitionAssignment.sameMembers(wanted, voters) ? List.of() : wanted;
    }

    /** Why a broker cannot leave, if it is a voter whom nobody can replace. */
    static Optional<Rejected> refusalOf(MetadataImage image, int leaving) {
        List<PeerId> voters = image.metadataVoters().voters();
        if (!image.metadataVoters().isOn(leaving)) {
            return Optional.empty();
        }
        VoterRules rules = new VoterRules(image, voters, id -> id == leaving || isLeaving(image, id));
        if (rules.wanted().stream().noneMatch(rules::goes)) {
            return Optional.empty();
        }
        List<Integer> ids = voters.stream().map(PeerId::nodeId).sorted().toList();
        return Refusals.conflict(
                "broker " + leaving + " votes on the cluster's metadata together with " + ids
                        + ", and no other broker is in service that could take its place; add a broker first",
                Map.of("broker_id", Integer.toString(leaving), "metadata_voters", ids.toString()));
    }

    static Applied change(MetadataImage before, ChangeMetadataVoters command) {
        MetadataVoters voters = command.voters();
        Set<PeerId> distinct = new HashSet<>(voters.target());
        if (voters.voters().isEmpty() || distinct.size() != voters.target().size()) {
            return Applied.rejected(
                    before,
                    Refusals.invalid(
                            "the metadata's voters cannot be " + voters.voters() + " and shall not be "
                                    + voters.target() + "; name each once, and at least one voter",
                            Map.of()));
        }
        boolean news = !voters.sameAs(before.metadataVoters());
        return Applied.accepted(news ? before.with(voters) : before, new Result.MetadataVotersChanged(news));
    }

    private static boolean isLeaving(MetadataImage image, int id) {
        return image.broker(id).filter(broker -> broker.status().leaving()).isPresent();
    }

    private List<PeerId> wanted() {
        List<PeerId> wanted = new ArrayList<>(voters);
        wanted.removeIf(this::goes);
        int staying = wanted.size();
        if (staying == voters.size()) {
            return voters;
        }
        boolean isEven = voters.size() % 2 == 0;
        int count = isEven && voters.size() > VOTERS_MIN ? voters.size() - 1 : voters.size();
        for (Optional<PeerId> next = successor(wanted);
                next.isPresent() && wanted.size() < count;
                next = successor(wanted)) {
            wanted.add(next.get());
        }
        if (wanted.size() % 2 == 0 && wanted.size() > staying && wanted.size() > VOTERS_MIN) {
            wanted.remove(wanted.size() - 1);
        }
        voters.stream()
                .filter(this::goes)
                .limit(Math.max(0, Math.min(VOTERS_MIN, voters.size()) - wanted.size()))
                .forEach(wanted::add);
        return wanted;
    }

    private boolean goes(PeerId voter) {
        return leaves.test(voter.nodeId())
                || image.broker(voter.nodeId())
                        .filter(broker -> !broker.peerId().equals(voter))
                        .isPresent();
    }

    private Optional<PeerId> successor(List<PeerId> chosen) {
        Set<Integer> taken = new HashSet<>();
        Set<String> racks = new HashSet<>();
        for (PeerId peer : chosen) {
            taken.add(peer.nodeId());
            image.broker(peer.nodeId()).map(BrokerRegistration::rack).ifPresent(racks::add);
        }
        racks.remove(""); // a broker that tells none is in a rack of its own
        return image.brokers().values().stream()
                .filter(broker -> broker.status().isInService() && !leaves.test(broker.id()))
                .filter(broker -> !taken.contains(broker.id()) && !voters.contains(broker.peerId()))
                .min(Comparator.comparing((BrokerRegistration broker) ->
                                !image.metadataVoters().target().contains(broker.peerId()))
                        .thenComparing(broker -> voters.stream().noneMatch(voter -> voter.nodeId() == broker.id()))
                        .thenComparing(broker -> racks.contains(broker.rack()))
                        .thenComparing(broker -> replicas.getOrDefault(broker.id(), 0))
                        .thenComparing(BrokerRegistration::id))
                .map(BrokerRegistration::peerId);
    }
}
