package io.flotilla.membership;

import io.flotilla.client.OperationDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** A change of a cluster under load. Each proves that it took effect before it ends. */
enum Scenario {
    /** Two brokers come to three, get their share, and leave again. */
    GROW_AND_SHRINK(5, 3) {
        @Override
        void play(Scene scene) {
            scene.cluster().start(4);
            scene.cluster().start(5);
            scene.tell("brokers 4 and 5 have joined");
            scene.awaitDone(scene.admin().rebalance());
            scene.awaitEvenLeaders(List.of(1, 2, 3, 4, 5));
            for (int leaving : List.of(4, 5)) {
                scene.awaitDone(scene.admin().decommissionBroker(leaving));
                scene.cluster().stop(leaving);
            }
            requireBrokers(scene, List.of(1, 2, 3));
            scene.awaitEvenLeaders(List.of(1, 2, 3));
        }
    },
    /** A broker comes back with an empty disk. */
    WIPED_DISK(4, 4) {
        @Override
        void play(Scene scene) {
            int victim = 4;
            scene.cluster().kill9(victim);
            try {
                DirectoryTree.delete(scene.cluster().dataDirectory(victim));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            scene.cluster().start(victim);
            scene.tell("broker 4 has come back with an empty disk");
            scene.awaitPartitions(
                    "no partition on the way, and each on three brokers",
                    partition -> !partition.isMoving()
                            && partition.replicaBrokerIds().size() == 3);
            scene.awaitEvenLeaders(List.of(1, 2, 3, 4));
        }
    },
    /** A broker dies for good, and others take its replicas. */
    DEAD_BROKER(4, 4) {
        @Override
        void play(Scene scene) {
            scene.cluster().kill9(4);
            scene.awaitPartitions(
                    "no replica on broker 4",
                    partition -> !partition.isMoving()
                            && !partition.replicaBrokerIds().contains(4));
            scene.tell("others have the replicas of broker 4");
            scene.awaitEvenLeaders(List.of(1, 2, 3));
            scene.cluster().start(4);
            scene.tell("broker 4 has come back, though its replicas are elsewhere");
            Awaiting.until(
                    GONE_TIMEOUT,
                    "no replica on broker 4",
                    () -> scene.admin().describeBroker(4).replicas().isEmpty(),
                    () -> scene.admin().describeBroker(4).toString());
        }

        @Override
        Duration replacementDelay() {
            return Duration.ofSeconds(5);
        }
    },
    /** Every broker is stopped in order and started again, one after the other. */
    ROLLING_RESTART(3, 3) {
        @Override
        void play(Scene scene) {
            for (int id : scene.cluster().brokerIds()) {
                scene.cluster().stop(id);
                scene.cluster().start(id);
                scene.awaitService();
                scene.tell("broker " + id + " was restarted");
            }
            scene.awaitEvenLeaders(scene.cluster().brokerIds());
        }

        @Override
        boolean toleratesFailures() {
            return false;
        }
    },
    /** The leader of the metadata is killed in the middle of a decommission and of moves. */
    CONTROLLER_KILLED(5, 5) {
        @Override
        void play(Scene scene) {
            OperationDescription leaving = scene.admin().decommissionBroker(5);
            killControllerSoon(scene);
            scene.awaitDone(leaving);
            List<Integer> brokers = List.of(4, 1, 2);
            OperationDescription move = scene.admin().movePartition(new TopicPartition(Scene.TOPIC, 0), brokers);
            killControllerSoon(scene);
            scene.awaitDone(move);
            scene.awaitPartitions(
                    "partition 0 on brokers 4, 1 and 2",
                    partition -> partition.partition().partition() != 0
                            || partition.replicaBrokerIds().containsAll(brokers));
            requireBrokers(scene, List.of(1, 2, 3, 4));
        }

        private void killControllerSoon(Scene scene) {
            scene.traffic().awaitAcknowledged(scene.random().nextInt(KILL_AFTER_MAX), KILL_TIMEOUT);
            int controller = scene.controller();
            scene.cluster().kill9(controller);
            scene.tell("killed broker " + controller + ", which led the metadata");
            scene.cluster().start(controller);
        }
    };

    /** Acknowledged values after which the controller is killed, at most: about two seconds. */
    private static final int KILL_AFTER_MAX = 400;

    private static final Duration GONE_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration KILL_TIMEOUT = Duration.ofMinutes(1);

    private final int brokers;
    private final int startedAtFirst;

    Scenario(int brokers, int startedAtFirst) {
        this.brokers = brokers;
        this.startedAtFirst = startedAtFirst;
    }

    /** That there are in the end or on the way. */
    int brokers() {
        return brokers;
    }

    /** With which the story begins: those of the lowest ids. */
    int startedAtFirst() {
        return startedAtFirst;
    }

    /** Whether some writes may fail or stay unanswered. */
    boolean toleratesFailures() {
        return true;
    }

    /** After which the replicas of a broker that stays dead are made anew elsewhere. */
    Duration replacementDelay() {
        return Duration.ofMinutes(30);
    }

    abstract void play(Scene scene);

    private static void requireBrokers(Scene scene, List<Integer> expected) {
        if (!scene.registered().equals(expected)) {
            throw new IllegalStateException(
                    "registered are brokers " + scene.registered() + " where " + expected + " should be");
        }
    }
}
