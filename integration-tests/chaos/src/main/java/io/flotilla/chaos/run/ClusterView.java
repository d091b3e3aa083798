package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Place;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.TopicDescription;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What brokers say of themselves, asked one by one by a client that gives up soon.
 *
 * <p>Threading: safe; calls block.
 */
final class ClusterView implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Backend backend;
    private final FlotillaClient client;

    ClusterView(Backend backend) {
        this.backend = backend;
        this.client = FlotillaClient.connect(ClientSettings.of(backend.bootstrap())
                .withRequestTimeout(TIMEOUT)
                .withAttemptTimeout(TIMEOUT));
    }

    /** Replicas on a broker; empty if it does not answer. */
    Optional<List<ReplicaDescription>> replicasOn(int node) {
        try {
            return Optional.of(client.admin()
                    .describeBroker(BrokerAddress.parse(backend.address(node)))
                    .replicas());
        } catch (LogException silent) {
            return Optional.empty();
        }
    }

    Optional<TopicDescription> topic(String name) {
        try {
            return Optional.of(client.admin().describeTopic(name));
        } catch (LogException silent) {
            return Optional.empty();
        }
    }

    Optional<ClusterDescription> cluster() {
        try {
            return Optional.of(client.admin().describeCluster());
        } catch (LogException silent) {
            return Optional.empty();
        }
    }

    /** All replicas of all brokers that answer, by partition and broker. */
    Map<Place, SortedMap<Integer, ReplicaDescription>> replicas() {
        Map<Place, SortedMap<Integer, ReplicaDescription>> found = new HashMap<>();
        for (int node : backend.nodes()) {
            replicasOn(node)
                    .ifPresent(replicas ->
                            replicas.forEach(replica -> found.computeIfAbsent(placeOf(replica), any -> new TreeMap<>())
                                    .put(node, replica)));
        }
        return found;
    }

    static Place placeOf(ReplicaDescription replica) {
        return new Place(replica.partition().topic(), replica.partition().partition());
    }

    @Override
    public void close() {
        client.close();
    }
}
