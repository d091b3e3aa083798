package io.flotilla.client.group;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.transport.BrokerDirectory;
import io.flotilla.client.transport.Failure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which broker to ask about groups: the one that was named or answered last, and while none is known one after the other.
 *
 * <p>Threading: safe.
 */
public final class Coordinator {
    private final BrokerDirectory brokers;
    private @Nullable BrokerAddress known;

    public Coordinator(BrokerDirectory brokers) {
        this.brokers = brokers;
    }

    /** The broker to try next. */
    public synchronized BrokerAddress broker() {
        BrokerAddress named = known;
        return named != null ? named : brokers.inOrder().get(0);
    }

    /** It did what only a coordinator does. */
    synchronized void answered(BrokerAddress broker) {
        known = broker;
    }

    /** A broker said who the coordinator is. */
    synchronized void named(BrokerAddress broker) {
        known = broker;
    }

    /** Returns whether the failed broker named another one, which is to be asked at once. */
    synchronized boolean failed(BrokerAddress broker, Failure failure) {
        Optional<BrokerAddress> other = failure.leaderOtherThan(broker);
        if (other.isPresent()) {
            known = other.get();
            return true;
        }
        if (broker.equals(known)) {
            known = null;
        }
        brokers.failed(broker);
        return false;
    }
}
