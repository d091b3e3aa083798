package io.flotilla.broker.identity;

import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;

/**
 * What a data folder says about itself.
 *
 * @param directoryId     random; a wiped folder gets another
 * @param membership      empty until a cluster was formed or joined
 * @param metadataStarted whether this folder has ever held a voter of the metadata group
 * @param metadataRetired whether that voter has left the group since, so that the folder holds none
 * @param contacts        who voted on the metadata when that was last known, in the order of their ids
 */
public record Identity(
        int nodeId,
        String directoryId,
        Optional<Membership> membership,
        boolean metadataStarted,
        boolean metadataRetired,
        List<VoterContact> contacts) {
    public Identity {
        contacts = List.copyOf(contacts);
    }

    static Identity fresh(int nodeId, String directoryId) {
        return new Identity(nodeId, directoryId, Optional.empty(), false, false, List.of());
    }

    public PeerId peerId() {
        return PeerId.of(nodeId, directoryId);
    }

    Identity with(Membership joined) {
        return new Identity(nodeId, directoryId, Optional.of(joined), metadataStarted, metadataRetired, contacts);
    }

    Identity with(List<VoterContact> known) {
        return new Identity(nodeId, directoryId, membership, metadataStarted, metadataRetired, known);
    }

    Identity withMetadata(boolean retired) {
        return new Identity(nodeId, directoryId, membership, true, retired, contacts);
    }
}
