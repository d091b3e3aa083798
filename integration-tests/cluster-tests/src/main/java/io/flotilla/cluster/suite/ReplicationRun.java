package io.flotilla.cluster.suite;

import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.SegmentDigests.PartitionDigests;
import io.flotilla.cluster.history.Availability;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Read;
import io.flotilla.cluster.history.Verdict;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One run of the replication suite: three brokers, several producers and a consumer, all faults of a plan one after the
 * other, then a restart of everything, and the judgement: of what clients saw, and of what replicas hold.
 */
final class ReplicationRun {
    private static final String TOPIC = "replication";
    private static final int BROKERS = 3;
    private static final int PARTITIONS = 6;
    /** Small, so that segments roll during a run; above the largest batch. */
    private static final int SEGMENT_BYTES = 2 << 20;

    private static final int PRODUCERS = 3;
    /** Of each producer. With more, a broker that starts finds no free processor on a machine with two. */
    private static final int RECORDS_PER_SECOND = 100;

    private static final int KEYS = 64;
    private static final int PAYLOAD_BYTES_MAX = 64 << 10;
    private static final int ACKNOWLEDGED_MIN = 1_000;
    private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(1);

    private final FaultPlan plan;
    private final Path directory;
    private final Consumer<String> story;

    ReplicationRun(FaultPlan plan, Path directory, Consumer<String> story) {
        this.plan = plan;
        this.directory = directory;
        this.story = story;
    }

    /** What a run found; {@code complaints} is empty if all is well. */
    record Result(Verdict verdict, Availability availability, List<String> complaints) {}

    /**
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    Result run() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(ClusterSettings.of(BROKERS, directory))) {
            var topic =
                    new NewTopic(TOPIC, PARTITIONS, BROKERS, Map.of("segment.bytes", Integer.toString(SEGMENT_BYTES)));
            cluster.client().admin().createTopic(topic);
            cluster.leaders().await(TOPIC, PARTITIONS, LEADERS_TIMEOUT);
            var settings = new TrafficSettings(
                    TOPIC, PARTITIONS, PRODUCERS, RECORDS_PER_SECOND, KEYS, PAYLOAD_BYTES_MAX, plan.seed());
            try (Traffic traffic = Traffic.start(cluster.client(), settings)) {
                return judge(cluster, traffic, breakAndHeal(cluster, traffic));
            }
        }
    }

    private History breakAndHeal(ProcessCluster cluster, Traffic traffic) {
        var scene = new Fault.Scene(cluster, TOPIC, PARTITIONS, traffic);
        scene.awaitService();
        for (Fault fault : plan.faults()) {
            long before = traffic.acknowledged();
            story.accept(fault + ": begins, " + before + " values acknowledged");
            fault.strike(scene);
            scene.awaitService();
        }
        story.accept("all faults are over, " + traffic.acknowledged() + " values acknowledged");
        return traffic.finish();
    }

    private Result judge(ProcessCluster cluster, Traffic traffic, History history) throws IOException {
        cluster.killAll9();
        cluster.startAll();
        List<Read> afterRestart = traffic.readBack();
        List<Read> seen = new ArrayList<>(history.observed());
        seen.addAll(history.finalRead());
        Verdict verdict = HistoryChecker.check(new History(history.writes(), seen, afterRestart), ACKNOWLEDGED_MIN);

        SegmentDigests.awaitSettled(cluster.client().admin(), TOPIC, SETTLE_TIMEOUT);
        TopicDescription topic = cluster.client().admin().describeTopic(TOPIC);
        List<String> complaints = new ArrayList<>();
        if (!verdict.passed()) {
            complaints.add(verdict.toString());
        }
        complaints.addAll(differences(SegmentDigests.of(topic, cluster::dataDirectory)));
        complaints.addAll(deadThreads(cluster));
        return new Result(verdict, Availability.of(history.writes()), complaints);
    }

    private static List<String> differences(List<PartitionDigests> digests) {
        return digests.stream()
                .filter(partition -> !partition.identical()
                        || partition.replicas().values().stream().allMatch(replica -> replica.bytes() == 0))
                .map(partition -> "replicas of partition " + partition.partition() + " differ or are empty: "
                        + partition.replicas())
                .toList();
    }

    /** A thread that died of an exception: the broker may seem to work, and does not. */
    private static List<String> deadThreads(ProcessCluster cluster) {
        List<String> found = new ArrayList<>();
        for (int id : cluster.brokerIds()) {
            cluster.log(id).linesWith("Exception in thread").forEach(line -> found.add("broker " + id + ": " + line));
        }
        return found;
    }
}
