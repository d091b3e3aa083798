package io.flotilla.chaos.fault;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who plays which role in a cluster now, by the brokers' own account. The leader of the metadata group also coordinates all
 * consumer groups.
 *
 * <p>Threading: safe.
 */
public final class Roles implements AutoCloseable {
    /** Short: a broker that does not answer at once leads nobody. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ROLE_TIMEOUT = Duration.ofSeconds(20);

    private final Supplier<List<Integer>> responding;
    private final IntFunction<String> address;
    private final FlotillaClient client;

    /** @param cluster that runs; it stays the caller's */
    public Roles(ProcessCluster cluster) {
        this(cluster.bootstrap(), cluster::respondingIds, cluster::address);
    }

    /**
     * Of brokers that are no processes of this harness.
     *
     * @param bootstrap  {@code host:port} of brokers, separated by commas
     * @param responding tells which brokers run and are not paused
     * @param address    {@code host:port} by node id
     */
    public Roles(String bootstrap, Supplier<List<Integer>> responding, IntFunction<String> address) {
        this.responding = responding;
        this.address = address;
        ClientSettings defaults = ClientSettings.of(bootstrap);
        this.client = FlotillaClient.connect(new ClientSettings(
                defaults.bootstrap(),
                REQUEST_TIMEOUT,
                ATTEMPT_TIMEOUT,
                Duration.ofSeconds(1),
                defaults.keepAliveInterval(),
                defaults.keepAliveTimeout(),
                defaults.leaderCheckInterval(),
                defaults.retryBackoffMin(),
                defaults.retryBackoffMax(),
                defaults.topicGrace(),
                defaults.metadataMaxAge(),
                defaults.messageBytesMax(),
                defaults.metrics()));
    }

    /** A client that gives up soon, for faults that ask and change things. */
    public FlotillaClient client() {
        return client;
    }

    /**
     * The brokers that a target means now, among those that respond.
     *
     * @param seed of the choice that the target leaves open
     * @throws FaultException if nobody has the role for some seconds, or there are fewer such brokers than wanted
     */
    public List<Integer> resolve(Target target, long seed) {
        List<Integer> responding = new ArrayList<>(this.responding.get());
        Collections.shuffle(responding, new Random(seed));
        return switch (target.role()) {
            case ALL -> this.responding.get();
            case ANY -> first(target, responding);
            case LEADER -> first(target, byLeadership());
            case FOLLOWER -> {
                int leader = byLeadership().get(0);
                responding.removeIf(id -> id == leader);
                yield first(target, responding);
            }
            case CONTROLLER, COORDINATOR -> List.of(metadataLeader());
        };
    }

    private static List<Integer> first(Target target, List<Integer> brokers) {
        if (brokers.size() < target.count()) {
            throw new FaultException("there are only " + brokers.size() + " of " + target.count()
                    + " brokers for the role " + target.role());
        }
        return brokers.subList(0, target.count()).stream().sorted().toList();
    }

    /** Brokers that lead partitions, the one that leads most first; one or more. */
    private List<Integer> byLeadership() {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        await("a leader of any partition", () -> {
            counts.clear();
            counts.putAll(leaderships());
            return counts.values().stream().anyMatch(count -> count > 0);
        });
        return counts.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Integer, Integer>>comparingInt(entry -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many partitions each responding broker leads. */
    public SortedMap<Integer, Integer> leaderships() {
        return responding.get().stream()
                .collect(Collectors.toMap(
                        id -> id,
                        id -> (int) replicas(id).stream()
                                .filter(replica -> replica.role() == ReplicaRole.LEADER)
                                .count(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** A broker's replicas; none if it does not answer. */
    public List<ReplicaDescription> replicas(int id) {
        try {
            return client.admin()
                    .describeBroker(BrokerAddress.parse(address.apply(id)))
                    .replicas();
        } catch (LogException notServing) {
            return List.of();
        }
    }

    /**
     * The leader of the metadata group.
     *
     * @throws FaultException if there is none for some seconds
     */
    public int metadataLeader() {
        int[] leader = new int[1];
        await("a leader of the metadata group that responds", () -> {
            OptionalInt found = metadataLeaderNow();
            found.ifPresent(id -> leader[0] = id);
            return found.isPresent() && responding.get().contains(leader[0]);
        });
        return leader[0];
    }

    private OptionalInt metadataLeaderNow() {
        try {
            return client.admin().describeCluster().metadataLeaderBrokerId();
        } catch (LogException notServing) {
            return OptionalInt.empty();
        }
    }

    /** @throws FaultException if the cluster does not say for some seconds */
    public List<Integer> metadataVoters() {
        List<Integer> voters = new ArrayList<>();
        await("a broker that knows the voters of the metadata", () -> {
            try {
                voters.addAll(client.admin().describeCluster().metadataVoterBrokerIds());
            } catch (LogException notServing) {
                return false;
            }
            return !voters.isEmpty();
        });
        return List.copyOf(voters);
    }

    private static void await(String expectation, BooleanSupplier condition) {
        try {
            Awaiting.until(ROLE_TIMEOUT, expectation, condition, () -> "there is none");
        } catch (IllegalStateException none) {
            throw new FaultException(String.valueOf(none.getMessage()), none);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
