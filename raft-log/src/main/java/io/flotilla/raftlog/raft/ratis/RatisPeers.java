package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** Our names for groups and peers in Ratis's types and back. */
final class RatisPeers {
    private RatisPeers() {}

    static RaftGroupId group(GroupId id) {
        return RaftGroupId.valueOf(id.value());
    }

    static RaftGroup group(GroupId id, List<Peer> peers) {
        return RaftGroup.valueOf(
                group(id), peers.stream().map(RatisPeers::theirs).toList());
    }

    /** All priorities stay equal: with others a leader would yield on its own, and some transfers be refused. */
    static RaftPeer theirs(Peer peer) {
        return RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(peer.id().value()))
                .setAddress(peer.host() + ":" + peer.port())
                .build();
    }

    static Peer ours(RaftPeer peer) {
        String address = peer.getAddress();
        int colon = address.lastIndexOf(':');
        return new Peer(
                new PeerId(peer.getId().toString()),
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)));
    }
}
