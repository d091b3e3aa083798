package io.flotilla.cluster.suite;

import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.traffic.Traffic;
import java.time.Duration;
import java.util.List;

/**
 * Something done to a cluster while clients use it. Each fault proves that it took effect, by an exit, a stopped process
 * or an election, and leaves every broker running.
 */
enum Fault {
    /** SIGKILL to the broker that leads most partitions. */
    KILL_LEADER {
        @Override
        void strike(Scene scene) {
            int victim = scene.busiestLeader();
            scene.cluster().kill9(victim);
            scene.awaitLeadersOtherThan(victim);
            scene.awaitService();
            scene.cluster().start(victim);
        }
    },
    /** SIGKILL to a broker that follows where another leads. */
    KILL_FOLLOWER {
        @Override
        void strike(Scene scene) {
            int spared = scene.busiestLeader();
            int victim = scene.cluster().brokerIds().stream()
                    .filter(id -> id != spared)
                    .findFirst()
                    .orElseThrow();
            scene.cluster().kill9(victim);
            scene.awaitService();
            scene.cluster().start(victim);
        }
    },
    /** SIGKILL to all brokers, one right after the other, and a start of all. */
    KILL_ALL {
        @Override
        void strike(Scene scene) {
            scene.cluster().killAll9();
            scene.cluster().startAll();
        }
    },
    /** SIGTERM and start of one broker after the other, as in an upgrade. */
    ROLLING_RESTART {
        @Override
        void strike(Scene scene) {
            for (int id : scene.cluster().brokerIds()) {
                scene.cluster().stop(id);
                scene.awaitLeadersOtherThan(id);
                scene.cluster().start(id);
                scene.awaitService();
            }
        }
    },
    /** SIGSTOP to the broker that leads most partitions until others have taken over, then SIGCONT. */
    PAUSE_LEADER {
        @Override
        void strike(Scene scene) {
            int victim = scene.busiestLeader();
            scene.cluster().pause(victim);
            scene.awaitLeadersOtherThan(victim);
            scene.awaitService();
            scene.cluster().resume(victim);
        }
    };

    static final List<Fault> ALL = List.of(values());

    /** Does it, and undoes it; the cluster may still be recovering at the end. */
    abstract void strike(Scene scene);

    /** What a fault acts upon. */
    record Scene(ProcessCluster cluster, String topic, int partitionCount, Traffic traffic) {
        private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(30);
        private static final Duration SERVICE_TIMEOUT = Duration.ofSeconds(60);
        /** Acknowledgements that count as proof of service. */
        private static final int PROOF = 300;

        int busiestLeader() {
            cluster.leaders().await(topic, partitionCount, LEADERS_TIMEOUT);
            return cluster.leaders().busiest(topic);
        }

        void awaitLeadersOtherThan(int victim) {
            cluster.leaders().await(topic, partitionCount, LEADERS_TIMEOUT).forEach((partition, leader) -> {
                if (leader == victim) {
                    throw new IllegalStateException("broker " + victim + " still leads " + topic + "-" + partition);
                }
            });
        }

        void awaitService() {
            traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);
        }
    }
}
