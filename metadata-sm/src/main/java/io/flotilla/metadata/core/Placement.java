package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides which brokers hold the partitions that a topic gets. Greedy and deterministic:
 *
 * <ul>
 *   <li>The preferred leader is the broker that leads the fewest of this topic's partitions; among those, the fewest of
 *       the cluster's. So the counts of a topic are within 1 of each other, and a topic of few partitions goes where
 *       there is room, without a new broker drawing a whole topic to itself.
 *   <li>Each further replica goes to the rack that holds the fewest replicas of the partition, and there to the broker
 *       with the fewest replicas of the topic, then of the cluster. With at least as many racks as replicas no two
 *       replicas of a partition share a rack.
 *   <li>A broker that has as many replicas as it said it has room for, deleted topics' included, gets no more; one that is draining or leaving gets
 *       none. One that is fenced gets some only if there are not enough others, and leads last.
 *   <li>What is still equal is broken by an order that turns with the partition, so that the partitions one broker
 *       leads have their followers on all the others, which share the work when it fails.
 * </ul>
 */
public final class Placement {
    private static final Comparator<Candidate> BY_LEADERS = Comparator.<Candidate, Boolean>comparing(
                    candidate -> candidate.fenced)
            .thenComparingInt(candidate -> candidate.topicLeaders)
            .thenComparingInt(candidate -> candidate.clusterLeaders)
            .thenComparingInt(candidate -> candidate.topicReplicas)
            .thenComparingInt(candidate -> candidate.clusterReplicas)
            .thenComparingInt(candidate -> candidate.order);

    private final List<Candidate> candidates;
    private final Map<PeerId, Candidate> byPeer;
    private int firstPartition;

    private Placement(List<Candidate> candidates, Map<PeerId, Candidate> byPeer) {
        this.candidates = candidates;
        this.byPeer = byPeer;
    }

    /** Placement by the brokers and the loads of an image. */
    public static Placement in(MetadataImage image) {
        Map<PeerId, Candidate> byPeer = new HashMap<>();
        Map<String, Rack> racks = new HashMap<>();
        List<Candidate> candidates = new ArrayList<>();
        for (BrokerRegistration broker : image.brokers().values()) {
            if (!mayHold(broker)) {
                continue;
            }
            // A broker without a rack shares no failure domain that we know of.
            Rack rack = broker.rack().isEmpty() ? new Rack() : racks.computeIfAbsent(broker.rack(), name -> new Rack());
            Candidate candidate = new Candidate(candidates.size(), broker, rack);
            candidates.add(candidate);
            byPeer.put(candidate.peer, candidate);
        }
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                for (PeerId replica : partition.wanted()) {
                    Candidate holder = byPeer.get(replica);
                    if (holder != null) { // null: a peer whose disk is gone loads nobody
                        holder.clusterReplicas++;
                    }
                }
                Candidate leader = byPeer.get(partition.wanted().get(0));
                if (leader != null) {
                    leader.clusterLeaders++;
                }
            }
        }
        for (DeletedTopic deleted : image.deletedTopics().values()) {
            for (PartitionAssignment partition : deleted.topic().partitions()) {
                for (PeerId replica : partition.replicas()) {
                    Candidate holder = byPeer.get(replica);
                    if (holder != null) {
                        holder.deletedReplicas++;
                    }
                }
            }
        }
        return new Placement(candidates, byPeer);
    }

    /** Whether new replicas may be placed there, though last while it is fenced. */
    static boolean mayHold(BrokerRegistration broker) {
        return !broker.status().draining() && !broker.status().leaving();
    }

    /**
     * Places further partitions of a topic of the image, so that the topic comes out even as a whole.
     *
     * @return this placement
     */
    public Placement growing(Topic topic) {
        for (PartitionAssignment partition : topic.partitions()) {
            for (PeerId replica : partition.replicas()) {
                Candidate holder = byPeer.get(replica);
                if (holder != null) {
                    holder.topicReplicas++;
                }
            }
            Candidate leader = byPeer.get(partition.preferredLeader());
            if (leader != null) {
                leader.topicLeaders++;
            }
        }
        firstPartition = topic.partitions().size();
        return this;
    }

    /** How many brokers can be given replicas, be there room or not. */
    public int brokers() {
        return candidates.size();
    }

    /**
     * Places one topic's new partitions; a placement object serves for one call.
     *
     * @param replicationFactor 1 to the number of brokers that may hold replicas
     * @return for each partition its replicas, the preferred leader first; empty if the brokers have no room for them
     */
    public Optional<List<List<PeerId>>> place(int partitionCount, int replicationFactor) {
        if (replicationFactor < 1 || replicationFactor > candidates.size()) {
            throw new IllegalArgumentException(
                    "replication factor " + replicationFactor + " does not fit " + candidates.size() + " brokers");
        }
        List<List<PeerId>> placed = new ArrayList<>(partitionCount);
        for (int partition = 0; partition < partitionCount; partition++) {
            if (candidates.stream().filter(Candidate::hasRoom).count() < replicationFactor) {
                return Optional.empty();
            }
            placed.add(placeOne(firstPartition + partition, replicationFactor));
        }
        return Optional.of(List.copyOf(placed));
    }

    /** Replicas that all brokers together have room for; of those without a bound as many as an integer can tell. */
    public long room() {
        return candidates.stream().mapToLong(Candidate::room).sum();
    }

    private List<PeerId> placeOne(int partition, int replicationFactor) {
        List<Candidate> chosen = new ArrayList<>(replicationFactor);
        Candidate leader = least(BY_LEADERS);
        leader.lead();
        leader.hold();
        chosen.add(leader);
        Comparator<Candidate> byReplicas = byReplicas(leader.order, partition / candidates.size());
        while (chosen.size() < replicationFactor) {
            Candidate follower = least(byReplicas);
            follower.hold();
            chosen.add(follower);
        }
        chosen.forEach(Candidate::partitionPlaced);
        return chosen.stream().map(candidate -> candidate.peer).toList();
    }

    private Comparator<Candidate> byReplicas(int leaderOrder, int round) {
        int brokers = candidates.size();
        return Comparator.<Candidate, Boolean>comparing(candidate -> candidate.fenced)
                .thenComparingInt(candidate -> candidate.rack.partitionReplicas)
                .thenComparingInt(candidate -> candidate.topicReplicas)
                .thenComparingInt(candidate -> candidate.clusterReplicas)
                .thenComparingInt(candidate -> Math.floorMod(candidate.order - leaderOrder - 1 - round, brokers));
    }

    /** Of those that do not hold the partition yet. The apply thread waits for this, so it is a plain loop. */
    private Candidate least(Comparator<Candidate> order) {
        Candidate least = null;
        for (Candidate candidate : candidates) {
            if (!candidate.holdsPartition
                    && candidate.hasRoom()
                    && (least == null || order.compare(candidate, least) < 0)) {
                least = candidate;
            }
        }
        return Objects.requireNonNull(least);
    }

    /** A failure domain. */
    private static final class Rack {
        /** Replicas of the partition that is being placed. */
        int partitionReplicas;
    }

    /** A broker and its load, counted up while the topic is placed. */
    private static final class Candidate {
        final int order;
        final PeerId peer;
        final Rack rack;
        final int replicasMax;
        final boolean fenced;
        boolean holdsPartition;
        int topicLeaders;
        int topicReplicas;
        int clusterLeaders;
        int clusterReplicas;

        /** Of topics not purged yet: they take room, but are no load. */
        int deletedReplicas;

        Candidate(int order, BrokerRegistration broker, Rack rack) {
            this.order = order;
            this.peer = broker.peerId();
            this.rack = rack;
            this.replicasMax = broker.replicasMax() == 0 ? Integer.MAX_VALUE : broker.replicasMax();
            this.fenced = broker.status().isFenced();
        }

        int room() {
            return Math.max(0, replicasMax - clusterReplicas - deletedReplicas);
        }

        boolean hasRoom() {
            return clusterReplicas + deletedReplicas < replicasMax;
        }

        void lead() {
            topicLeaders++;
            clusterLeaders++;
        }

        void hold() {
            holdsPartition = true;
            rack.partitionReplicas++;
            topicReplicas++;
            clusterReplicas++;
        }

        void partitionPlaced() {
            holdsPartition = false;
            rack.partitionReplicas = 0;
        }
    }
}
