package io.flotilla.cluster.suite;

import io.flotilla.client.NewTopic;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.cluster.history.History;
import io.flotilla.cluster.history.HistoryChecker;
import io.flotilla.cluster.history.Verdict;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Three brokers, each on a disk of its own, that lose power again and again: one of them, two, or all three at the same
 * moment, right behind an acknowledgement. Each trial has a topic of its own and ends with the judgement of everything
 * that was acknowledged there.
 */
final class PowerLossRun implements AutoCloseable {
    private static final int BROKERS = ClusterOnDisks.BROKERS;
    private static final int PARTITIONS = 3;
    /** Small, so that segments roll; above the largest batch. */
    private static final int SEGMENT_BYTES = 2 << 20;

    private static final int PRODUCERS = 3;
    private static final int RECORDS_PER_SECOND = 100;
    private static final int KEYS = 32;
    private static final int PAYLOAD_BYTES_MAX = 16 << 10;
    private static final int PROOF = 100;
    private static final int ACKNOWLEDGED_MIN = 2 * PROOF;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final LoopDisk.Kind kind;
    private final SplittableRandom random;
    private final Consumer<String> story;
    private final ClusterOnDisks disks;
    private final ProcessCluster cluster;

    private PowerLossRun(LoopDisk.Kind kind, long seed, Consumer<String> story, ClusterOnDisks disks) {
        this.kind = kind;
        this.random = new SplittableRandom(seed);
        this.story = story;
        this.disks = disks;
        this.cluster = disks.brokers();
    }

    /**
     * Starts a cluster on disks of this kind.
     *
     * @throws IOException if the disks cannot be made
     */
    static PowerLossRun start(LoopDisk.Kind kind, long seed, Path directory, Consumer<String> story)
            throws IOException {
        return new PowerLossRun(kind, seed, story, ClusterOnDisks.start(kind, directory));
    }

    /** What a trial found; {@code complaints} is empty if all is well. */
    record Result(Verdict verdict, List<String> complaints) {}

    /**
     * @param number from 0; every third one cuts the power of all brokers
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    Result trial(int number) throws IOException {
        String topic = "power-loss-" + number;
        cluster.client()
                .admin()
                .createTopic(new NewTopic(
                        topic, PARTITIONS, BROKERS, Map.of("segment.bytes", Integer.toString(SEGMENT_BYTES))));
        cluster.leaders().await(topic, PARTITIONS, TIMEOUT);
        // Consensus does not count the vote of a replica that has no entry at all, so each shall have its first.
        SegmentDigests.awaitSettled(cluster.client().admin(), topic, TIMEOUT);
        var settings = new TrafficSettings(
                topic, PARTITIONS, PRODUCERS, RECORDS_PER_SECOND, KEYS, PAYLOAD_BYTES_MAX, random.nextLong());
        Result result;
        try (Traffic traffic = Traffic.start(cluster.client(), settings)) {
            traffic.awaitAcknowledged(PROOF, TIMEOUT);
            List<Integer> victims = victims(1 + number % BROKERS, topic);
            List<String> complaints = new ArrayList<>();
            cutPower(victims, traffic, complaints);
            if (victims.size() == 1) {
                traffic.awaitAcknowledged(PROOF, TIMEOUT);
            }
            victims.forEach(cluster::launch);
            victims.forEach(cluster::awaitReady);
            story.accept(kind + ": they are ready again");
            traffic.awaitAcknowledged(PROOF, TIMEOUT);
            result = judge(topic, traffic.finish(), complaints);
        }
        cluster.client().admin().deleteTopicNow(topic);
        return result;
    }

    /** Brokers by chance; a lone one is the busiest leader every other time. */
    private List<Integer> victims(int count, String topic) {
        List<Integer> left = new ArrayList<>(cluster.brokerIds());
        List<Integer> victims = new ArrayList<>();
        if (count == 1 && random.nextBoolean()) {
            victims.add(cluster.leaders().busiest(topic));
        }
        while (victims.size() < count) {
            victims.add(left.remove(random.nextInt(left.size())));
        }
        return victims;
    }

    private void cutPower(List<Integer> victims, Traffic traffic, List<String> complaints) throws IOException {
        List<Path> mountPoints =
                victims.stream().map(id -> disks.diskOf(id).mountPoint()).toList();
        try (PowerSwitch power = PowerSwitch.arm(mountPoints)) {
            for (int id : victims) {
                cluster.expectExit(id); // a broker whose disk fails stops, maybe sooner than it is killed
            }
            traffic.awaitAcknowledged(1 + random.nextInt(PROOF), TIMEOUT);
            power.cut();
        }
        victims.forEach(cluster::kill9);
        story.accept(
                kind + ": power cut for brokers " + victims + ", " + traffic.acknowledged() + " values acknowledged");
        for (int id : victims) {
            if (!disks.diskOf(id).isOff()) {
                complaints.add("the power of broker " + id + " was not cut: its disk takes writes");
            }
            disks.diskOf(id).restore();
        }
    }

    private Result judge(String topic, History history, List<String> complaints) throws IOException {
        Verdict verdict = HistoryChecker.check(history, ACKNOWLEDGED_MIN);
        if (!verdict.passed()) {
            complaints.add(verdict.toString());
        }
        SegmentDigests.awaitSettled(cluster.client().admin(), topic, TIMEOUT);
        SegmentDigests.of(cluster.client().admin().describeTopic(topic), cluster::dataDirectory).stream()
                .filter(partition -> !partition.identical())
                .forEach(partition -> complaints.add("replicas differ: " + partition));
        return new Result(verdict, complaints);
    }

    @Override
    public void close() throws IOException {
        disks.close();
    }
}
