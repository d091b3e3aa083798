package io.flotilla.benchmarks.failover;

import static java.util.Objects.requireNonNull;

import io.flotilla.cluster.BrokerNetworks;
import io.flotilla.cluster.Placement;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What befalls a broker, how it is brought back, and what counts as the outage of the partitions that it led. */
enum Trouble {
    /** SIGKILL: its kernel closes its connections, so everybody hears of it at once. */
    KILL {
        @Override
        void strike(Scene scene, int victim) {
            scene.cluster().kill9(victim);
        }

        @Override
        boolean holds(Scene scene, int victim) {
            return !scene.cluster().isRunning(victim);
        }

        @Override
        void heal(Scene scene, int victim) {
            scene.cluster().start(victim);
        }
    },
    /** SIGSTOP: its connections stay open, it is only silent. */
    PAUSE {
        @Override
        void strike(Scene scene, int victim) {
            scene.cluster().pause(victim);
        }

        @Override
        boolean holds(Scene scene, int victim) {
            return !scene.cluster().respondingIds().contains(victim);
        }

        @Override
        void heal(Scene scene, int victim) {
            scene.cluster().resume(victim);
        }
    },
    /** Packets to it and from it vanish: it goes on, and hears as little of the others as they of it. */
    CUT {
        @Override
        void strike(Scene scene, int victim) throws IOException {
            scene.cuttable().cut(victim);
        }

        @Override
        boolean holds(Scene scene, int victim) throws IOException {
            return !scene.cuttable().isReachable(victim);
        }

        @Override
        void heal(Scene scene, int victim) throws IOException {
            scene.cuttable().join(victim);
        }
    },
    /**
     * No trouble at all: the broker is drained, as before maintenance, and so hands its leaderships over one by one; it
     * goes on. Afterwards it may lead again.
     */
    TRANSFER {
        @Override
        void strike(Scene scene, int victim) {
            scene.cluster().client().admin().drainBroker(victim);
        }

        /** Once it leads nothing of its topic, as {@link FailoverRun} has seen by then, it still may not. */
        @Override
        boolean holds(Scene scene, int victim) {
            return scene.cluster().client().admin().describeCluster().brokers().stream()
                    .anyMatch(broker ->
                            broker.brokerId() == victim && broker.availability().draining());
        }

        @Override
        void heal(Scene scene, int victim) {
            scene.cluster().client().admin().undrainBroker(victim);
        }
    },
    /** SIGTERM, as for an upgrade: it hands its leaderships over one by one and ends. */
    STOP {
        @Override
        void strike(Scene scene, int victim) {
            scene.cluster().stop(victim);
        }

        @Override
        boolean holds(Scene scene, int victim) {
            return !scene.cluster().isRunning(victim);
        }

        @Override
        void heal(Scene scene, int victim) {
            scene.cluster().start(victim);
        }
    };

    /**
     * What troubles act upon.
     *
     * @param networks of the brokers; null if they live on the loopback address, where nothing can be cut
     */
    record Scene(ProcessCluster cluster, @Nullable BrokerNetworks networks) {
        /** Where brokers of such a cluster live. */
        static Placement placement(@Nullable BrokerNetworks networks) {
            return networks == null ? Placement.LOOPBACK : networks;
        }

        private BrokerNetworks cuttable() {
            return requireNonNull(networks, "the brokers have no networks that could be cut");
        }
    }

    /** Returns as soon as it is done. */
    abstract void strike(Scene scene, int victim) throws IOException;

    /** Whether the victim is in trouble still, found out by other means than the strike. */
    abstract boolean holds(Scene scene, int victim) throws IOException;

    abstract void heal(Scene scene, int victim) throws IOException;

    /**
     * How long a partition was without service. The old leader may answer for a while where it hands over, so that there the
     * longest time between two acknowledgements counts, {@link PartitionWriter#PAUSE} included; and everywhere else the time
     * from the strike.
     */
    long outageNanos(long struckNanos, LeaderChange.Seen change) {
        return handsOver() ? change.longestGapNanos() : change.ackedNanos() - struckNanos;
    }

    private boolean handsOver() {
        return this == TRANSFER || this == STOP;
    }

    boolean needsNetworks() {
        return this == CUT;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
