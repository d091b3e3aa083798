package io.flotilla.chaos.backend.remote;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.Roles;
import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClient;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * An operator's cluster with what its faults need.
 *
 * <p>Threading: safe for all threads.
 */
final class RemoteCluster implements AutoCloseable {
    private final RemoteSettings settings;
    private final SortedMap<Integer, RemoteBroker> brokers;
    private final Journal journal;
    private final Set<Integer> silent = new ConcurrentSkipListSet<>();
    private final Roles roles;

    private RemoteCluster(RemoteSettings settings, SortedMap<Integer, RemoteBroker> brokers, Journal journal) {
        this.settings = settings;
        this.brokers = brokers;
        this.journal = journal;
        this.roles = new Roles(settings.bootstrap(), this::respondingNodes, node -> broker(node)
                .address());
    }

    /**
     * Asks the cluster who it is and which brokers it has.
     *
     * @throws FaultException if it is not the one that was confirmed
     */
    static RemoteCluster find(RemoteSettings settings, Journal journal) {
        try (FlotillaClient client = FlotillaClient.connect(settings.bootstrap())) {
            ClusterDescription found = client.admin().describeCluster();
            if (!found.clusterId().equals(settings.confirmed())) {
                throw new FaultException("the cluster at " + settings.bootstrap() + " has the id " + found.clusterId()
                        + ", but confirm.cluster=" + settings.confirmed()
                        + "; nothing is done to it. Make sure that it may be broken, then confirm its id");
            }
            SortedMap<Integer, RemoteBroker> brokers = new TreeMap<>();
            found.brokers()
                    .forEach(broker -> brokers.put(
                            broker.brokerId(),
                            new RemoteBroker(
                                    broker.brokerId(),
                                    settings.address(broker.brokerId())
                                            .orElse(broker.address().toString()),
                                    settings)));
            return new RemoteCluster(settings, brokers, journal);
        }
    }

    RemoteSettings settings() {
        return settings;
    }

    Journal journal() {
        return journal;
    }

    Roles roles() {
        return roles;
    }

    List<Integer> nodes() {
        return List.copyOf(brokers.keySet());
    }

    List<Integer> respondingNodes() {
        return brokers.keySet().stream().filter(node -> !silent.contains(node)).toList();
    }

    /** From now on the broker is not expected to answer. */
    void silence(int node) {
        silent.add(node);
    }

    /** From now on it is. */
    void expectAnswers(int node) {
        silent.remove(node);
    }

    RemoteBroker broker(int node) {
        RemoteBroker broker = brokers.get(node);
        if (broker == null) {
            throw new FaultException("no broker has the id " + node + ", there are " + brokers.keySet());
        }
        return broker;
    }

    @Override
    public void close() {
        roles.close();
    }
}
