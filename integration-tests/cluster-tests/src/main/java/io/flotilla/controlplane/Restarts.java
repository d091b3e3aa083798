package io.flotilla.controlplane;

import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.controlplane.RestartPlan.Restart;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Stops and starts brokers while calls are made: each goes down with calls under way, others are made while it is away and
 * while it comes back.
 *
 * <p>Threading: one thread drives it.
 */
final class Restarts {
    private static final Duration CALLS_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration LEADER_TIMEOUT = Duration.ofMinutes(1);

    private final ProcessCluster cluster;
    private final CallBudget budget;
    private final int callsPerHalf;
    private final Consumer<String> story;
    private final SortedMap<Integer, Integer> counts = new TreeMap<>();
    private int ofLeaders;

    Restarts(ProcessCluster cluster, CallBudget budget, int callsPerHalf, Consumer<String> story) {
        this.cluster = cluster;
        this.budget = budget;
        this.callsPerHalf = callsPerHalf;
        this.story = story;
        cluster.brokerIds().forEach(id -> counts.put(id, 0));
    }

    void play(List<Restart> plan) {
        for (Restart restart : plan) {
            int leader = leader();
            int victim = restart.leader() ? leader : leastRestartedBut(leader);
            counts.merge(victim, 1, Integer::sum);
            ofLeaders += restart.leader() ? 1 : 0;

            releaseAndAwaitHalfTaken();
            if (restart.kill()) {
                cluster.kill9(victim);
            } else {
                cluster.stop(victim);
            }
            releaseAndAwaitHalfTaken();
            cluster.start(victim);
            story.accept(restart + ", broker " + victim + ", is over, " + budget.taken() + " calls begun");
        }
    }

    private void releaseAndAwaitHalfTaken() {
        budget.release(callsPerHalf);
        int expected = budget.released() - callsPerHalf / 2;
        Awaiting.until(
                CALLS_TIMEOUT,
                expected + " calls to be begun",
                () -> budget.taken() >= expected,
                () -> budget.taken() + " were");
    }

    private int leastRestartedBut(int leader) {
        return counts.entrySet().stream()
                .filter(broker -> broker.getKey() != leader)
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    /** The broker that leads the metadata; waits while none is known to. */
    private int leader() {
        int[] found = {-1};
        Awaiting.until(
                LEADER_TIMEOUT,
                "a leader of the metadata",
                () -> {
                    try {
                        found[0] = cluster.client()
                                .admin()
                                .describeCluster()
                                .metadataLeaderBrokerId()
                                .orElse(-1);
                    } catch (LogException noAnswer) {
                        found[0] = -1;
                    }
                    return found[0] > 0 && cluster.isRunning(found[0]);
                },
                () -> "none is known");
        return found[0];
    }

    /** Restarts by broker. */
    SortedMap<Integer, Integer> counts() {
        return counts;
    }

    /** Restarts that hit the leader of the metadata. */
    int ofLeaders() {
        return ofLeaders;
    }
}
