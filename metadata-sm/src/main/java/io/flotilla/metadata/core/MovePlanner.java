package io.flotilla.metadata.core;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Chooses new places for replicas that are to move. Greedy and deterministic, by the loads as they will be once all moves
 * under way are over:
 *
 * <ul>
 *   <li>A replica goes to a broker in service that has room and no replica of the partition: to the rack that holds the
 *       fewest of the partition's, and there to the broker with the fewest replicas in all.
 *   <li>It takes the place in the list of the one it replaces, so that preferred leaders stay as evenly spread as they
 *       were.
 * </ul>
 *
 * <p>Choices add up: one planner serves for one image and counts what it has chosen itself.
 */
public final class MovePlanner {
    private final MetadataImage image;
    private final Map<PeerId, Load> loads =
            new TreeMap<>(Comparator.comparingInt(PeerId::nodeId).thenComparing(PeerId::value));

    /** Those that an even spread has moved already. */
    private final Set<PartitionId> moved = new HashSet<>();

    private MovePlanner(MetadataImage image) {
        this.image = image;
    }

    public static MovePlanner in(MetadataImage image) {
        MovePlanner planner = new MovePlanner(image);
        for (BrokerRegistration broker : image.brokers().values()) {
            planner.loads.put(broker.peerId(), new Load(broker));
        }
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                planner.count(partition.wanted(), 1);
            }
        }
        return planner;
    }

    private void count(List<PeerId> replicas, int change) {
        for (PeerId replica : replicas) {
            Load load = loads.get(replica);
            if (load != null) { // null: a peer that is no more loads nobody
                load.replicas += change;
            }
        }
        Load leader = replicas.isEmpty() ? null : loads.get(replicas.get(0));
        if (leader != null) {
            leader.preferred += change;
        }
    }

    /**
     * New replicas for a partition: those that may stay, others for those that may not, and more or fewer up to
     * {@code factor}. The last in the list go first if there are too many.
     *
     * @param stays which of the present replicas may stay
     * @return empty if there are not enough brokers to choose from
     */
    public Optional<List<PeerId>> retarget(PartitionAssignment partition, int factor, Predicate<PeerId> stays) {
        List<PeerId> before = partition.wanted();
        List<PeerId> after = new ArrayList<>(before);
        while (after.size() > factor) {
            after.remove(lastThatLeaves(after, stays));
        }
        for (int place = 0; place < factor; place++) {
            boolean isNew = place >= after.size();
            if (!isNew && stays.test(after.get(place))) {
                continue;
            }
            List<PeerId> others = new ArrayList<>(after);
            if (!isNew) {
                others.remove(place);
            }
            Optional<PeerId> chosen = choose(others, before);
            if (chosen.isEmpty()) {
                return Optional.empty();
            }
            if (isNew) {
                after.add(chosen.get());
            } else {
                after.set(place, chosen.get());
            }
        }
        count(before, -1);
        count(after, 1);
        return Optional.of(List.copyOf(after));
    }

    private static int lastThatLeaves(List<PeerId> replicas, Predicate<PeerId> stays) {
        for (int place = replicas.size() - 1; place >= 0; place--) {
            if (!stays.test(replicas.get(place))) {
                return place;
            }
        }
        return replicas.size() - 1;
    }

    /** @param before is not chosen from: whoever leaves does not come back in the same change */
    private Optional<PeerId> choose(List<PeerId> others, List<PeerId> before) {
        Map<String, Integer> racks = new HashMap<>();
        others.forEach(peer -> racks.merge(rackOf(peer), 1, Integer::sum));
        return loads.values().stream()
                .filter(load -> load.broker.status().isInService() && load.hasRoom())
                .filter(load -> before.stream().noneMatch(peer -> peer.equals(load.broker.peerId())))
                .filter(load -> others.stream().noneMatch(peer -> peer.nodeId() == load.broker.id()))
                .min(Comparator.<Load>comparingInt(load -> racks.getOrDefault(rackOf(load.broker.peerId()), 0))
                        .thenComparingInt(load -> load.replicas)
                        .thenComparingInt(load -> load.preferred)
                        .thenComparingInt(load -> load.broker.id()))
                .map(load -> load.broker.peerId());
    }

    /** A broker without a rack shares no failure domain that we know of. */
    private String rackOf(PeerId peer) {
        return image.brokerOf(peer)
                .map(BrokerRegistration::rack)
                .filter(rack -> !rack.isEmpty())
                .orElse("broker " + peer.nodeId());
    }

    /**
     * One change that makes the spread of replicas, or else of preferred leaders, over the brokers in service more even.
     * Called until it has nothing more to say, or a limit of the caller's is reached.
     */
    public Optional<TargetReplicas> evenOut() {
        return evenReplicas().or(this::evenPreferred);
    }

    private Optional<TargetReplicas> evenReplicas() {
        List<Load> byLoad = inService(load -> load.replicas);
        for (int high = byLoad.size() - 1; high > 0; high--) {
            for (int low = 0; low < high && byLoad.get(high).replicas - byLoad.get(low).replicas > 1; low++) {
                Optional<TargetReplicas> moved = move(byLoad.get(high), byLoad.get(low));
                if (moved.isPresent()) {
                    return moved;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<TargetReplicas> move(Load from, Load to) {
        PeerId source = from.broker.peerId();
        PeerId destination = to.broker.peerId();
        if (!to.hasRoom()) {
            return Optional.empty();
        }
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                List<PeerId> before = partition.replicas();
                if (partition.isMoving()
                        || moved.contains(topic.partitionId(partition.partition()))
                        || !before.contains(source)
                        || before.stream().anyMatch(peer -> peer.nodeId() == to.broker.id())
                        || crowds(before, source, destination)) {
                    continue;
                }
                List<PeerId> after = new ArrayList<>(before);
                after.set(after.indexOf(source), destination);
                return Optional.of(chosen(topic, partition, after));
            }
        }
        return Optional.empty();
    }

    private boolean crowds(List<PeerId> before, PeerId source, PeerId destination) {
        String rack = rackOf(destination);
        return !rack.equals(rackOf(source))
                && before.stream().anyMatch(peer -> rackOf(peer).equals(rack));
    }

    /** Whether every preferred leader is in service, so that there is no load that will soon be elsewhere or back. */
    public boolean isPreferenceSettled() {
        return loads.values().stream()
                .allMatch(load -> load.preferred == 0 || load.broker.status().isInService());
    }

    /** One change of an order that makes the spread of preferred leaders over the brokers in service more even. */
    public Optional<TargetReplicas> evenPreferred() {
        List<Load> byLoad = inService(load -> load.preferred);
        for (int high = byLoad.size() - 1; high > 0; high--) {
            for (int low = 0; low < high && byLoad.get(high).preferred - byLoad.get(low).preferred > 1; low++) {
                Optional<TargetReplicas> swapped = prefer(byLoad.get(high), byLoad.get(low));
                if (swapped.isPresent()) {
                    return swapped;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<TargetReplicas> prefer(Load from, Load to) {
        PeerId source = from.broker.peerId();
        PeerId destination = to.broker.peerId();
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                List<PeerId> before = partition.replicas();
                if (partition.isMoving()
                        || moved.contains(topic.partitionId(partition.partition()))
                        || !before.get(0).equals(source)
                        || !before.contains(destination)) {
                    continue;
                }
                List<PeerId> after = new ArrayList<>(before);
                after.set(after.indexOf(destination), source);
                after.set(0, destination);
                return Optional.of(chosen(topic, partition, after));
            }
        }
        return Optional.empty();
    }

    /** From the least loaded to the most. */
    private List<Load> inService(ToIntFunction<Load> load) {
        return loads.values().stream()
                .filter(each -> each.broker.status().isInService())
                .sorted(Comparator.comparingInt(load))
                .toList();
    }

    private TargetReplicas chosen(Topic topic, PartitionAssignment partition, List<PeerId> after) {
        count(partition.replicas(), -1);
        count(after, 1);
        TargetReplicas target = new TargetReplicas(topic.partitionId(partition.partition()), after);
        moved.add(target.partition());
        return target;
    }

    private static final class Load {
        final BrokerRegistration broker;
        int replicas;
        int preferred;

        Load(BrokerRegistration broker) {
            this.broker = broker;
        }

        boolean hasRoom() {
            return broker.replicasMax() == 0 || replicas < broker.replicasMax();
        }
    }
}
