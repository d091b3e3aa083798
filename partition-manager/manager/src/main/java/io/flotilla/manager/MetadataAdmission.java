package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which brokers that ask for it become voters of the metadata: the rule of its leader. */
public final class MetadataAdmission {
    private MetadataAdmission() {}

    /**
     * The next voters when a peer asks to be one: as {@link VoterChange} says if it was nominated, and then the peer may
     * have to ask again; and with it if its broker was one before its disk was wiped, or while there are fewer voters than
     * seeds. {@link MetadataVoterSteps} takes out whom a broker was before.
     *
     * @param voters of now
     * @param seeds  that the peer's broker is configured with and is one of, 0 if it is none
     * @param leader stays: it carries the change out
     * @param silent voters that do not answer; they leave before others
     * @throws Refused with CONFLICT if the peer is not to be a voter
     */
    public static List<PeerId> admitting(
            PeerId joining, List<PeerId> voters, MetadataImage image, int seeds, PeerId leader, Set<PeerId> silent) {
        List<PeerId> target = image.metadataVoters().target();
        if (voters.contains(joining)) {
            return voters;
        }
        if (target.contains(joining)) {
            return VoterChange.admitting(joining, voters, target, leader, silent);
        }
        boolean leaving = image.broker(joining.nodeId())
                .filter(broker -> broker.status().leaving())
                .isPresent();
        boolean inItsFormerPlace = voters.stream().anyMatch(voter -> voter.nodeId() == joining.nodeId());
        if (leaving || (!inItsFormerPlace && voters.size() >= seeds)) {
            throw new Refused(
                    ErrorCode.CONFLICT,
                    "peer " + joining + " is not to vote on the metadata, whose voters are " + voters
                            + (target.isEmpty() ? "" : " and shall be " + target),
                    Map.of("peer", joining.value()));
        }
        return Stream.concat(voters.stream(), Stream.of(joining)).toList();
    }
}
