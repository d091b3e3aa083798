package io.flotilla.cluster.suite;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.NewTopic;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What so many partitions cost three idle brokers, and how long one takes to be back with all its replicas. */
final class ManyPartitionsRun {
    private static final String TOPIC = "many";
    private static final int BROKERS = 3;
    private static final int HEAP_MIB_MIN = 1024;
    private static final int HEAP_MIB_PER_PARTITION = 4;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    /** For the first elections and the compiling of what repeats to be over before idleness is measured. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final int partitions;
    private final Path directory;
    private final Consumer<String> story;

    ManyPartitionsRun(int partitions, Path directory, Consumer<String> story) {
        this.partitions = partitions;
        this.directory = directory;
        this.story = story;
    }

    /**
     * What was measured.
     *
     * @param creation from the command to a leader of every partition
     * @param usages   of each broker, after it stood idle
     * @param idleCores processors each broker used meanwhile
     * @param restart  of one broker, from its start to every replica's following or leading
     */
    record Result(Duration creation, List<ProcessUsage> usages, List<Double> idleCores, Duration restart) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "creation=%.1fs restart=%.1fs idle_cores=%s rss_mib=%s threads=%s files=%s",
                    creation.toMillis() / 1e3,
                    restart.toMillis() / 1e3,
                    idleCores.stream()
                            .map(cores -> String.format(Locale.ROOT, "%.2f", cores))
                            .toList(),
                    usages.stream().map(usage -> usage.residentBytes() >> 20).toList(),
                    usages.stream().map(ProcessUsage::threads).toList(),
                    usages.stream().map(ProcessUsage::openFiles).toList());
        }
    }

    /**
     * @throws IllegalStateException if the cluster does not do its part in time, or a broker ends by itself
     */
    Result run() throws IOException {
        var settings = new ClusterSettings(
                BROKERS,
                directory,
                Math.max(HEAP_MIB_MIN, HEAP_MIB_PER_PARTITION * partitions),
                Map.of("raft.election.timeout.min.ms", "3000", "raft.election.timeout.max.ms", "6000"));
        try (ProcessCluster cluster = ProcessCluster.start(settings)) {
            long began = System.nanoTime();
            cluster.client().admin().createTopic(new NewTopic(TOPIC, partitions, BROKERS, Map.of()));
            cluster.leaders().await(TOPIC, partitions, TIMEOUT);
            Duration creation = Duration.ofNanos(System.nanoTime() - began);
            story.accept("created, in " + creation);
            LockSupport.parkNanos(SETTLING.toNanos());
            List<ProcessUsage> before = usages(cluster);
            LockSupport.parkNanos(IDLE.toNanos());
            List<ProcessUsage> after = usages(cluster);
            List<Double> idleCores = new ArrayList<>();
            for (int i = 0; i < before.size(); i++) {
                idleCores.add((after.get(i).cpuMillis() - before.get(i).cpuMillis()) / (double) IDLE.toMillis());
            }
            story.accept("idle cores " + idleCores);
            Duration restart = restart(cluster, cluster.brokerIds().get(BROKERS - 1));
            return new Result(creation, after, idleCores, restart);
        }
    }

    private static List<ProcessUsage> usages(ProcessCluster cluster) throws IOException {
        List<ProcessUsage> usages = new ArrayList<>();
        for (int id : cluster.brokerIds()) {
            usages.add(ProcessUsage.of(cluster.pid(id)));
        }
        return usages;
    }

    private Duration restart(ProcessCluster cluster, int victim) {
        cluster.kill9(victim);
        long began = System.nanoTime();
        cluster.launch(victim);
        BrokerAddress address = BrokerAddress.parse(cluster.address(victim));
        Awaiting.until(
                TIMEOUT,
                "all replicas of broker " + victim + " to take part",
                () -> takingPart(cluster, address) == partitions,
                () -> takingPart(cluster, address) + " of " + partitions + "\n"
                        + cluster.log(victim).tail());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static long takingPart(ProcessCluster cluster, BrokerAddress address) {
        try {
            return cluster.client().admin().describeBroker(address).replicas().stream()
                    .filter(ManyPartitionsRun::takesPart)
                    .count();
        } catch (LogException notServing) {
            return 0;
        }
    }

    /** It has heard of a leader, in whose term it then is, or leads itself. */
    private static boolean takesPart(ReplicaDescription replica) {
        return replica.role() == ReplicaRole.LEADER
                || (replica.role() == ReplicaRole.FOLLOWER && replica.appliedIndex() >= 0);
    }
}
