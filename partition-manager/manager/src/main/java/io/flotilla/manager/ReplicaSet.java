package io.flotilla.manager;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionHost;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the manager needs of this broker's replicas. */
public interface ReplicaSet {
    /**
     * Which incarnation of its partition every replica on this broker's disk is of, those that failed included. One whose
     * {@link #recover} has not come to its end counts as the one before.
     */
    Map<PartitionId, Integer> incarnations();

    /** Every replica on this broker's disk, those that failed included. */
    default Set<PartitionId> present() {
        return incarnations().keySet();
    }

    /** Leader epochs of the partitions that this broker leads and is ready to serve. */
    Map<PartitionId, Integer> led();

    /** Voters of a group that this broker leads, by a configuration that is committed; empty if it does not. */
    Optional<List<Peer>> voters(PartitionId id);

    /** Followers of a group that this broker leads which could take over at once; none if it does not. */
    Set<PeerId> followersInStep(PartitionId id);

    /** Replaces the voters of a group that this broker leads; fails if {@code expected} are not its voters any more. */
    CompletableFuture<Void> changeVoters(PartitionId id, List<Peer> expected, List<Peer> wanted);

    /** Hands a leadership that this broker has to another voter. */
    CompletableFuture<Void> transferLeadership(PartitionId id, PeerId target);

    /** Makes a replica that joins a group which exists; one that is present is left as it is. */
    void join(PartitionId id, int incarnation, PartitionSettings settings) throws IOException;

    /** Has a replica found another incarnation of its partition with all that it has; done twice it is done once. */
    void recover(PartitionId id, int incarnation, int epochMin) throws IOException;

    /** End of the log with which a replica founded its incarnation; empty if it did not. */
    OptionalLong keptEnd(PartitionId id);

    /** Stops a replica and puts its files aside for a person to look at; unknown ones are no error. */
    void putAside(PartitionId id) throws IOException;

    /**
     * Makes a replica of a new group; one that is present is left as it is.
     *
     * @param peers the group's first members, the same at each
     */
    void create(PartitionId id, PartitionSettings settings, List<Peer> peers) throws IOException;

    /** Changes the largest batch that a replica accepts while it leads, in bytes; unknown ones are no error. */
    void limitBatches(PartitionId id, int bytesMax);

    /** Has those who wait at a replica look again; unknown ones are no error. */
    void wake(PartitionId id);

    /** Deletes a replica and its files; unknown ones are no error. */
    void delete(PartitionId id) throws IOException;

    /** The replicas of a host, which must have been attached. */
    static ReplicaSet of(PartitionHost host) {
        return new ReplicaSet() {
            @Override
            public Map<PartitionId, Integer> incarnations() {
                return host.incarnations();
            }

            @Override
            public Map<PartitionId, Integer> led() {
                Map<PartitionId, Integer> led = new HashMap<>();
                for (Partition partition : host.all()) {
                    Leadership leadership = partition.leadership();
                    if (leadership.isLeader() && leadership.ready()) {
                        led.put(partition.id(), Math.toIntExact(leadership.term()));
                    }
                }
                return led;
            }

            @Override
            public Optional<List<Peer>> voters(PartitionId id) {
                return host.find(id).flatMap(Partition::voters);
            }

            @Override
            public Set<PeerId> followersInStep(PartitionId id) {
                return host.find(id).map(Partition::followersInStep).orElse(Set.of());
            }

            @Override
            public CompletableFuture<Void> changeVoters(PartitionId id, List<Peer> expected, List<Peer> wanted) {
                return host.find(id)
                        .map(led -> led.changeVoters(expected, wanted))
                        .orElseGet(() -> gone(id));
            }

            @Override
            public CompletableFuture<Void> transferLeadership(PartitionId id, PeerId target) {
                return host.find(id).map(led -> led.transferLeadership(target)).orElseGet(() -> gone(id));
            }

            private CompletableFuture<Void> gone(PartitionId id) {
                return CompletableFuture.failedFuture(
                        new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has no replica of partition " + id));
            }

            @Override
            public void join(PartitionId id, int incarnation, PartitionSettings settings) throws IOException {
                host.join(id, incarnation, settings);
            }

            @Override
            public void recover(PartitionId id, int incarnation, int epochMin) throws IOException {
                host.recover(id, incarnation, epochMin);
            }

            @Override
            public OptionalLong keptEnd(PartitionId id) {
                return host.keptEnd(id);
            }

            @Override
            public void putAside(PartitionId id) throws IOException {
                host.putAside(id);
            }

            @Override
            public void create(PartitionId id, PartitionSettings settings, List<Peer> peers) throws IOException {
                host.create(id, settings, peers);
            }

            @Override
            public void limitBatches(PartitionId id, int bytesMax) {
                host.limitBatches(id, bytesMax);
            }

            @Override
            public void wake(PartitionId id) {
                host.wakeListeners(id);
            }

            @Override
            public void delete(PartitionId id) throws IOException {
                host.delete(id);
            }
        };
    }
}
