package io.flotilla.manager;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Replicas that are names only. */
final class FakeReplicas implements ReplicaSet {
    static final long KEPT_END = 420;

    final Map<PartitionId, List<Peer>> peers = new ConcurrentHashMap<>();
    final Map<PartitionId, Integer> incarnations = new ConcurrentHashMap<>();
    final Map<PartitionId, Integer> led = new ConcurrentHashMap<>();
    final Set<PartitionId> broken = ConcurrentHashMap.newKeySet();
    final Map<PartitionId, List<Peer>> voters = new ConcurrentHashMap<>();
    final Set<PeerId> inStep = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<PartitionId, Integer> batchBytesMax = new ConcurrentHashMap<>();
    final List<PartitionId> woken = new CopyOnWriteArrayList<>();

    @Override
    public Map<PartitionId, Integer> incarnations() {
        return peers.keySet().stream().collect(Collectors.toMap(id -> id, id -> incarnations.getOrDefault(id, 0)));
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

    @Override
    public void join(PartitionId id, int incarnation, PartitionSettings settings) {
        calls.add("join " + id.partition());
        peers.put(id, List.of());
        incarnations.put(id, incarnation);
    }

    @Override
    public void recover(PartitionId id, int incarnation, int epochMin) {
        calls.add("recover " + id.partition() + " as " + incarnation + " above " + epochMin);
        incarnations.put(id, incarnation);
    }

    @Override
    public OptionalLong keptEnd(PartitionId id) {
        return OptionalLong.of(KEPT_END);
    }

    @Override
    public void putAside(PartitionId id) {
        calls.add("put aside " + id.partition());
        peers.remove(id);
        incarnations.remove(id);
    }

    @Override
    public Optional<List<Peer>> voters(PartitionId id) {
        return Optional.ofNullable(voters.get(id));
    }

    @Override
    public Set<PeerId> followersInStep(PartitionId id) {
        return Set.copyOf(inStep);
    }

    @Override
    public CompletableFuture<Void> changeVoters(PartitionId id, List<Peer> expected, List<Peer> wanted) {
        calls.add("voters " + id.partition() + " "
                + wanted.stream().map(Peer::id).map(PeerId::nodeId).toList());
        voters.put(id, wanted);
        return answer;
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PartitionId id, PeerId target) {
        calls.add("leader " + id.partition() + " " + target.nodeId());
        led.remove(id);
        return answer;
    }
}
