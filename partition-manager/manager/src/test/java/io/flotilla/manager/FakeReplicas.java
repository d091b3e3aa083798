package io.flotilla.manager;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.raft.Peer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Replicas that are names only. */
final class FakeReplicas implements ReplicaSet {
    final Map<PartitionId, List<Peer>> peers = new ConcurrentHashMap<>();
    final Map<PartitionId, Integer> led = new ConcurrentHashMap<>();
    final Set<PartitionId> broken = ConcurrentHashMap.newKeySet();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<PartitionId, Integer> batchBytesMax = new ConcurrentHashMap<>();
    final List<PartitionId> woken = new CopyOnWriteArrayList<>();

    @Override
    public Set<PartitionId> present() {
        return Set.copyOf(peers.keySet());
    }

    @Override
    public Map<PartitionId, Integer> led() {
        return Map.copyOf(led);
    }

    @Override
    public void create(PartitionId id, PartitionSettings settings, List<Peer> members) throws IOException {
        calls.add("create " + id.partition());
        if (broken.contains(id)) {
            throw new IOException("disk of " + id + " is broken");
        }
        peers.put(id, members);
    }

    @Override
    public void limitBatches(PartitionId id, int bytesMax) {
        batchBytesMax.put(id, bytesMax);
    }

    @Override
    public void wake(PartitionId id) {
        woken.add(id);
    }

    @Override
    public void delete(PartitionId id) throws IOException {
        calls.add("delete " + id.partition());
        if (broken.contains(id)) {
            throw new IOException("disk of " + id + " is broken");
        }
        peers.remove(id);
    }
}
