package io.flotilla.membership;

import io.flotilla.client.Admin;
import io.flotilla.client.BrokerDescription;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationState;
import io.flotilla.client.PartitionDescription;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a scenario acts upon.
 *
 * @param random of the run's seed
 * @param outage how long the metadata has no quorum, where that is the story
 * @param story  told what happens
 */
record Scene(
        ProcessCluster cluster, Traffic traffic, SplittableRandom random, Duration outage, Consumer<String> story) {
    static final String TOPIC = "membership";
    static final int PARTITIONS = 15;

    private static final Duration OPERATION_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration SERVICE_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration SPREAD_TIMEOUT = Duration.ofMinutes(2);
    private static final int PROOF = 100;

    Admin admin() {
        return cluster.client().admin();
    }

    void tell(String event) {
        story.accept(event + ", " + traffic.acknowledged() + " values acknowledged");
    }

    /** Waits for acknowledgements: proof that the cluster serves. */
    void awaitService() {
        traffic.awaitAcknowledged(PROOF, SERVICE_TIMEOUT);
    }

    /**
     * Waits for the end of an operation, whatever brokers fail meanwhile.
     *
     * @throws IllegalStateException if it takes too long, or ends otherwise than done
     */
    void awaitDone(OperationDescription begun) {
        Awaiting.until(
                OPERATION_TIMEOUT,
                begun.job() + " done",
                () -> asked(() -> admin().operation(begun.id()), begun).state() != OperationState.RUNNING,
                () -> asked(() -> admin().operation(begun.id()), begun).toString());
        OperationDescription ended = admin().operation(begun.id());
        if (ended.state() != OperationState.DONE) {
            throw new IllegalStateException("operation ended as " + ended);
        }
        tell(begun.job() + " is done");
    }

    /** Answers of a cluster that may just have no leader of its metadata: the present guess stays then. */
    static <T> T asked(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (LogException noAnswer) {
            return otherwise;
        }
    }

    List<PartitionDescription> partitions() {
        return admin().describeTopic(TOPIC).partitions();
    }

    /** Waits until every partition fulfils a condition, as the metadata has it. */
    void awaitPartitions(String expectation, Predicate<PartitionDescription> condition) {
        Awaiting.until(
                OPERATION_TIMEOUT,
                expectation,
                () -> asked(this::partitions, List.<PartitionDescription>of()).stream()
                                .filter(condition)
                                .count()
                        == PARTITIONS,
                () -> asked(this::partitions, List.of()).toString());
    }

    /** Waits until these brokers lead the topic's partitions evenly and no other leads any. */
    void awaitEvenLeaders(Collection<Integer> brokers) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        Awaiting.until(
                SPREAD_TIMEOUT,
                "leaders even over brokers " + brokers,
                () -> {
                    counts.clear();
                    counts.putAll(cluster.leaders().counts(TOPIC));
                    int sum = brokers.stream().mapToInt(counts::get).sum();
                    int most = brokers.stream().mapToInt(counts::get).max().orElseThrow();
                    int fewest = brokers.stream().mapToInt(counts::get).min().orElseThrow();
                    return sum == PARTITIONS && most - fewest <= 1;
                },
                () -> "leaders by broker are " + counts);
        tell("leaders by broker are " + counts);
    }

    /** The broker that leads the metadata; waits while none does. */
    int controller() {
        int[] found = {-1};
        Awaiting.until(
                SERVICE_TIMEOUT,
                "a leader of the metadata",
                () -> {
                    found[0] = asked(
                            () -> admin().describeCluster()
                                    .metadataLeaderBrokerId()
                                    .orElse(-1),
                            -1);
                    return found[0] > 0 && cluster.isRunning(found[0]);
                },
                () -> "none is known");
        return found[0];
    }

    /** Waits while clients go on, whose acknowledgements it demands all along. */
    void goOnFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            awaitService();
        }
    }

    List<Integer> registered() {
        return admin().describeCluster().brokers().stream()
                .map(BrokerDescription::brokerId)
                .sorted()
                .toList();
    }
}
