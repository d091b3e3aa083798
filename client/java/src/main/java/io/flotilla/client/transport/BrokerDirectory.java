package io.flotilla.client.transport;

import io.flotilla.client.BrokerAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The brokers a call that any of them can answer may go to: those the cluster named last, and the bootstrap addresses.
 *
 * <p>Threading: safe.
 */
public final class BrokerDirectory {
    private final List<BrokerAddress> bootstrap;
    private List<BrokerAddress> named = List.of();
    private int start;

    public BrokerDirectory(List<BrokerAddress> bootstrap) {
        this.bootstrap = List.copyOf(bootstrap);
    }

    /** Replaces what the cluster named before; an empty list is ignored. */
    public synchronized void learn(Collection<BrokerAddress> brokers) {
        if (!brokers.isEmpty()) {
            named = List.copyOf(brokers);
        }
    }

    /** Every known broker once, in the order in which to try them: those that failed last come last. */
    public synchronized List<BrokerAddress> inOrder() {
        List<BrokerAddress> all = all();
        List<BrokerAddress> ordered = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            ordered.add(all.get((start + i) % all.size()));
        }
        return ordered;
    }

    /** Lets later calls begin behind this broker, if they would begin with it. */
    public synchronized void failed(BrokerAddress broker) {
        List<BrokerAddress> all = all();
        if (all.get(start % all.size()).equals(broker)) {
            start = (start + 1) % all.size();
        }
    }

    private List<BrokerAddress> all() {
        Set<BrokerAddress> all = new LinkedHashSet<>(named);
        all.addAll(bootstrap);
        return List.copyOf(all);
    }
}
