package io.flotilla.membership;

import io.flotilla.client.NewTopic;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.DirectoryTree;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
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
            wipe(scene, 4);
            scene.awaitPartitions(
                    "no partition on the way, and each on three brokers",
                    partition -> !partition.isMoving()
                            && partition.replicaBrokerIds().size() == 3);
            scene.awaitEvenLeaders(List.of(1, 2, 3, 4));
        }
    },
    /** A voter of the metadata comes back with an empty disk, and proves that it votes: another one is killed. */
    WIPED_VOTER(3, 3) {
        @Override
        void play(Scene scene) {
            wipe(scene, 3);
            scene.awaitPartitions("no partition on the way", partition -> !partition.isMoving());
            scene.awaitEvenLeaders(List.of(1, 2, 3));
            scene.cluster().kill9(1);
            scene.admin().createTopic(NewTopic.of("proof", 1, 1));
            scene.tell("the metadata took a topic with voter 1 killed and voter 3 new");
            scene.cluster().start(1);
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
    /** Two of three voters of the metadata are gone; who reads and writes elsewhere does not notice. */
    METADATA_OUTAGE(5, 5) {
        @Override
        void play(Scene scene) {
            List<Integer> staying = List.of(3, 4, 5);
            scene.admin().drainBroker(1);
            scene.admin().drainBroker(2);
            List<OperationDescription> moves = new ArrayList<>();
            for (int partition = 0; partition < Scene.PARTITIONS; partition++) {
                moves.add(scene.admin().movePartition(new TopicPartition(Scene.TOPIC, partition), staying));
            }
            moves.forEach(scene::awaitDone);
            scene.cluster().kill9(1);
            scene.cluster().kill9(2);
            scene.tell("two of three voters of the metadata are gone");
            scene.goOnFor(scene.outage());
            requireClearRefusal(scene);
            scene.cluster().start(1);
            scene.cluster().start(2);
            scene.admin().undrainBroker(1);
            scene.admin().undrainBroker(2);
            scene.tell("the metadata is changed again");
        }

        private void requireClearRefusal(Scene scene) {
            try {
                scene.admin().createTopic(NewTopic.of("too-early", 1, 1));
            } catch (LogException refusal) {
                if (String.valueOf(refusal.getMessage()).contains("no leader of the cluster's metadata")) {
                    scene.tell("a topic was refused, " + refusal.code() + ": " + refusal.getMessage());
                    return;
                }
                throw new IllegalStateException("a topic was refused for another reason", refusal);
            }
            throw new IllegalStateException("a topic was created without a quorum");
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
    },
    /** All three voters of the metadata are retired one after the other, and three brokers that have joined follow them. */
    VOTERS_REPLACED(6, 3) {
        @Override
        void play(Scene scene) {
            new VoterStory(scene).replaceAll((leaving, operation) -> {});
        }
    },
    /** The same, with the metadata's leader, the successor or the leaving voter itself killed in the middle of it. */
    VOTERS_REPLACED_KILLED(6, 3) {
        @Override
        void play(Scene scene) {
            VoterStory story = new VoterStory(scene);
            story.replaceAll(story::killSomebody);
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

    static void wipe(Scene scene, int victim) {
        scene.cluster().kill9(victim);
        try {
            DirectoryTree.delete(scene.cluster().dataDirectory(victim));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        scene.cluster().start(victim);
        scene.tell("broker " + victim + " has come back with an empty disk");
    }

    static void requireBrokers(Scene scene, List<Integer> expected) {
        if (!scene.registered().equals(expected)) {
            throw new IllegalStateException(
                    "registered are brokers " + scene.registered() + " where " + expected + " should be");
        }
    }
}
