package io.flotilla.membership;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NewTopic;
import io.flotilla.client.OperationDescription;
import io.flotilla.cluster.Awaiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Brokers 1 to 3, which founded the cluster and are all its seeds, retire; brokers 4 to 6 vote in their places. Then
 * everything that is left is restarted, and two of the retired come back: one as it was, one with an empty disk. Neither
 * may vote or found a cluster of its own.
 */
final class VoterStory {
    private static final List<Integer> FIRST = List.of(1, 2, 3);
    private static final List<Integer> LAST = List.of(4, 5, 6);
    private static final Duration VOTERS_TIMEOUT = Duration.ofMinutes(2);

    /** Acknowledged values after which somebody is killed, at most: about four seconds. */
    private static final int KILL_AFTER_MAX = 800;

    private static final Duration KILL_TIMEOUT = Duration.ofMinutes(2);

    private final Scene scene;

    VoterStory(Scene scene) {
        this.scene = scene;
    }

    /** @param meanwhile what happens in the middle of each retirement */
    void replaceAll(BiConsumer<Integer, OperationDescription> meanwhile) {
        LAST.forEach(scene.cluster()::launch);
        LAST.forEach(scene.cluster()::awaitReady);
        scene.tell("brokers 4, 5 and 6 have joined");
        for (int leaving : FIRST) {
            retire(leaving, meanwhile);
        }
        Scenario.requireBrokers(scene, LAST);
        awaitVoters(LAST);
        scene.admin().createTopic(NewTopic.of("after", 1, 3));
        scene.tell("the metadata took a topic without any of its first voters");
        restartAll();
        comeBack();
    }

    private void retire(int leaving, BiConsumer<Integer, OperationDescription> meanwhile) {
        OperationDescription operation = scene.admin().decommissionBroker(leaving);
        meanwhile.accept(leaving, operation);
        scene.awaitDone(operation);
        ClusterDescription now = awaitVoters(voters -> voters.size() == FIRST.size() && !voters.contains(leaving));
        scene.tell("the metadata's voters are " + now.metadataVoterBrokerIds());
        if (scene.cluster().isRunning(leaving)) {
            scene.cluster().stop(leaving);
        }
        scene.awaitService();
    }

    /** Whoever it is that the seed says. The leaving voter stays away until the end; others start again. */
    void killSomebody(int leaving, OperationDescription operation) {
        scene.traffic().awaitAcknowledged(scene.random().nextInt(KILL_AFTER_MAX), KILL_TIMEOUT);
        int victim =
                switch (leaving) {
                    case 1 -> scene.controller();
                    case 2 -> LAST.get(scene.random().nextInt(LAST.size()));
                    default -> scene.random().nextBoolean() ? leaving : scene.controller();
                };
        scene.cluster().kill9(victim);
        scene.tell("killed broker " + victim + " while broker " + leaving + " retires");
        if (victim != leaving || leaving == 1) {
            scene.cluster().start(victim);
        }
    }

    private void restartAll() {
        LAST.forEach(scene.cluster()::kill9);
        LAST.forEach(scene.cluster()::launch);
        LAST.forEach(scene.cluster()::awaitReady);
        scene.awaitService();
        awaitVoters(LAST);
        scene.tell("all that is left was killed and has started again");
    }

    private void comeBack() {
        scene.cluster().start(1);
        Scenario.wipe(scene, 2);
        List<Integer> all = IntStream.concat(IntStream.of(1, 2), LAST.stream().mapToInt(Integer::intValue))
                .boxed()
                .toList();
        Scenario.requireBrokers(scene, all);
        awaitVoters(LAST);
        scene.admin().createTopic(NewTopic.of("end", 1, 5));
        scene.tell("brokers 1 and 2 have come back and do not vote");
    }

    private void awaitVoters(List<Integer> expected) {
        var unused = awaitVoters(voters -> List.copyOf(voters).equals(expected));
    }

    private interface Expectation {
        boolean isMetBy(List<Integer> voters);
    }

    private ClusterDescription awaitVoters(Expectation expectation) {
        ClusterDescription[] seen = {scene.admin().describeCluster()};
        Awaiting.until(
                VOTERS_TIMEOUT,
                "other voters of the metadata",
                () -> {
                    Optional<ClusterDescription> now =
                            Scene.asked(() -> Optional.of(scene.admin().describeCluster()), Optional.empty());
                    now.ifPresent(description -> seen[0] = description);
                    return now.isPresent()
                            && now.get().metadataLeaderBrokerId().isPresent()
                            && expectation.isMetBy(now.get().metadataVoterBrokerIds());
                },
                () -> "voters are " + seen[0].metadataVoterBrokerIds());
        return seen[0];
    }
}
