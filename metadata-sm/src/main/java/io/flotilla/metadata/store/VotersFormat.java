package io.flotilla.metadata.store;

import io.flotilla.metadata.MetadataVoters;
import io.flotilla.metadata.v1.MetadataVotersState;
import io.flotilla.raftlog.raft.PeerId;

/** The voters of the metadata as {@code flotilla.metadata.v1.MetadataVotersState}. */
final class VotersFormat {
    private VotersFormat() {}

    static MetadataVotersState messageOf(MetadataVoters voters) {
        return MetadataVotersState.newBuilder()
                .addAllVoters(voters.voters().stream().map(PeerId::value).toList())
                .addAllTarget(voters.target().stream().map(PeerId::value).toList())
                .build();
    }

    /**
     * @throws IllegalArgumentException if a peer id is none
     */
    static MetadataVoters votersOf(MetadataVotersState message) {
        return new MetadataVoters(
                message.getVotersList().stream().map(PeerId::new).toList(),
                message.getTargetList().stream().map(PeerId::new).toList());
    }
}
