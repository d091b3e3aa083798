package io.flotilla.broker.identity;

import io.flotilla.raftlog.raft.PeerId;
import java.util.Optional;

/**
 * What a data folder says about itself.
 *
 * @param directoryId     random; a wiped folder gets another
 * @param membership      empty until a cluster was formed or joined
 * @param metadataStarted whether this folder has ever held a voter of the metadata group
 */
public record Identity(int nodeId, String directoryId, Optional<Membership> membership, boolean metadataStarted) {
    public PeerId peerId() {
        return PeerId.of(nodeId, directoryId);
    }

    Identity with(Membership joined) {
        return new Identity(nodeId, directoryId, Optional.of(joined), metadataStarted);
    }

    Identity withMetadataStarted() {
        return new Identity(nodeId, directoryId, membership, true);
    }
}
