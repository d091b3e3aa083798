package io.flotilla.benchmarks.failover;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.cluster.BrokerNetworks;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.Leaders;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All trials of one kind of trouble on a cluster of their own, three brokers with default settings.
 *
 * <p>A trial strikes the broker that leads most partitions, at a moment that the seed decides. The outage of each of these
 * partitions lasts from right before the strike to the first acknowledgement of a leader with a higher epoch; where the old
 * leader hands over in order it is the longest time between two acknowledgements up to that one. All times are those of
 * {@link System#nanoTime} of this process, in which the clients live. One record a partition is pending all the time, or
 * is {@link PartitionWriter#PAUSE} away; the producer sends it again until it is acknowledged. Then the broker is brought
 * back, writing rests until all replicas hold the same, and the next trial begins. A broker that was struck comes back as
 * a follower of all, so the next victim is another. The cluster gives leaderships back to their preferred leaders after some
 * seconds; such a change between two looks at the leaders has the trial look again.
 */
final class FailoverRun {
    private static final String TOPIC = "failover";
    private static final int BROKERS = 3;
    private static final int MOMENT_MILLIS_MAX = 1_000;
    private static final int LOOKS_MAX = 100;
    private static final Duration RETURN_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Trouble trouble;
    private final Plan plan;
    private final Path directory;
    private final Consumer<String> story;
    private final SplittableRandom random;

    /**
     * What all kinds of trouble share.
     *
     * @param clientOf of the writers, from the SDK's default
     */
    record Plan(int trials, int partitions, long seed, UnaryOperator<ClientSettings> clientOf) {}

    FailoverRun(Trouble trouble, Plan plan, Path directory, Consumer<String> story) {
        this.trouble = trouble;
        this.plan = plan;
        this.directory = directory;
        this.story = story;
        random = new SplittableRandom(plan.seed() + trouble.name().hashCode());
    }

    /** What a run found; {@code complaints} is empty if all is well. */
    record Result(Outages outages, Verdict verdict, List<String> complaints) {}

    /**
     * @param networks of the brokers, for trouble that needs them
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    Result run(@Nullable BrokerNetworks networks) throws IOException {
        try (ProcessCluster cluster =
                ProcessCluster.start(ClusterSettings.of(BROKERS, directory), Trouble.Scene.placement(networks))) {
            cluster.client().admin().createTopic(NewTopic.of(TOPIC, plan.partitions(), BROKERS));
            cluster.leaders().await(TOPIC, plan.partitions(), TIMEOUT);
            ClientSettings settings = plan.clientOf().apply(ClientSettings.of(cluster.bootstrap()));
            try (var writers = new PartitionWriters(settings, TOPIC, plan.partitions(), random.nextLong())) {
                return trials(new Trouble.Scene(cluster, networks), writers);
            }
        }
    }

    private Result trials(Trouble.Scene scene, PartitionWriters writers) throws IOException {
        var outages = new Outages(trouble.toString());
        List<String> complaints = new ArrayList<>();
        for (int number = 1; number <= plan.trials(); number++) {
            trial(number, scene, writers, outages, complaints);
        }
        History history = writers.finish();
        Verdict verdict = HistoryChecker.check(history, (long) plan.trials() * plan.partitions());
        if (!verdict.passed()) {
            complaints.add(verdict.toString());
        }
        return new Result(outages, verdict, complaints);
    }

    private void trial(
            int number, Trouble.Scene scene, PartitionWriters writers, Outages outages, List<String> complaints)
            throws IOException {
        writers.go();
        LockSupport.parkNanos(
                Duration.ofMillis(random.nextInt(MOMENT_MILLIS_MAX)).toNanos());
        SortedMap<Integer, Integer> leaders = watchLeaders(scene.cluster().leaders(), writers);
        int victim = Leaders.busiest(leaders);
        Set<Integer> affected = new TreeSet<>();
        leaders.forEach((partition, leader) -> {
            if (leader == victim) {
                affected.add(partition);
            }
        });

        long struckNanos = System.nanoTime();
        trouble.strike(scene, victim);
        SortedMap<Integer, LeaderChange.Seen> returned = writers.awaitReturn(affected, RETURN_TIMEOUT);
        if (!trouble.holds(scene, victim)) {
            complaints.add("trial " + number + ": " + trouble + " had no effect on broker " + victim);
        }
        trouble.heal(scene, victim);

        List<Long> lasted = returned.values().stream()
                .map(change -> trouble.outageNanos(struckNanos, change))
                .sorted()
                .toList();
        outages.add(affected.size(), lasted);
        story.accept(trouble + " " + number + ": broker " + victim + " led " + affected.size()
                + " partitions, without service for ms "
                + lasted.stream().map(nanos -> nanos / 1_000_000).toList());
        if (returned.size() < affected.size()) {
            affected.removeAll(returned.keySet());
            complaints.add("trial " + number + ": partitions " + affected + " did not come back within "
                    + RETURN_TIMEOUT.toSeconds() + " s after " + trouble + " of broker " + victim);
        }
        writers.hold();
        SegmentDigests.awaitSettled(scene.cluster().client().admin(), TOPIC, TIMEOUT);
    }

    /** Has the writers watch from a moment on at which partitions had these leaders. */
    private SortedMap<Integer, Integer> watchLeaders(Leaders leaders, PartitionWriters writers) {
        for (int looks = 0; looks < LOOKS_MAX; looks++) {
            SortedMap<Integer, Integer> before = leaders.await(TOPIC, plan.partitions(), TIMEOUT);
            writers.watch();
            if (leaders.await(TOPIC, plan.partitions(), TIMEOUT).equals(before)) {
                return before;
            }
        }
        throw new IllegalStateException("leaders changed at each of " + LOOKS_MAX + " looks");
    }
}
