package io.flotilla.chaos.sim;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has whoever leads take a node's peer out of the group, or make it a voter in place of the one it was before its disk
 * was wiped.
 */
final class SimPeerChanges implements PeerChanges {
    private static final long ANSWER_SECONDS_MAX = 10;

    private final SimNode self;
    private final SimCluster cluster;

    SimPeerChanges(SimNode self, SimCluster cluster) {
        this.self = self;
        this.cluster = cluster;
    }

    @Override
    public void remove(GroupId group) throws IOException {
        change(group, false);
    }

    @Override
    public void add(GroupId group) throws IOException {
        change(group, true);
        cluster.rejoined(self.number());
    }

    private void change(GroupId group, boolean voter) throws IOException {
        SimNode leader = cluster.readyLeader().orElseThrow(() -> new IOException("nobody leads"));
        if (leader.number() != self.number() && cluster.isCut(self.number(), leader.number())) {
            throw new IOException("the leader cannot be reached");
        }
        ReplicatedGroup member = leader.raft()
                .flatMap(host -> host.group(group))
                .orElseThrow(() -> new IOException("the leader has just ended"));
        List<Peer> before = member.peers();
        List<Peer> others = before.stream()
                .filter(peer -> peer.id().nodeId() != self.number())
                .toList();
        List<Peer> after = new ArrayList<>(others);
        if (voter) {
            after.add(self.peer());
        }
        try {
            if (voter && others.size() < before.size() && !before.contains(self.peer())) {
                member.changePeers(before, others).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS); // whom it was before
                before = others;
            }
            member.changePeers(before, after).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException refused) {
            throw new IOException(refused);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the leader changed voters");
        }
    }
}
