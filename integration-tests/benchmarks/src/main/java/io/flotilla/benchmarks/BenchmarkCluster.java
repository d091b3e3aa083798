package io.flotilla.benchmarks;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.DirectoryTree;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Three brokers on a temporary folder, and a new topic for each measurement. */
final class BenchmarkCluster implements AutoCloseable {
    static final int REPLICAS = 3;

    /** Of a few partitions; each further one takes what follows, since all brokers make their replicas on two cores. */
    private static final Duration LEADERS_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration LEADERS_TIMEOUT_PER_PARTITION = Duration.ofMillis(500);

    private final Path directory;
    private final ProcessCluster cluster;
    private int topics;

    private BenchmarkCluster(Path directory, ProcessCluster cluster) {
        this.directory = directory;
        this.cluster = cluster;
    }

    static BenchmarkCluster start(int heapMib) throws IOException {
        return start(heapMib, Map.of());
    }

    /** @param overrides settings for every broker, by the names of its configuration file */
    static BenchmarkCluster start(int heapMib, Map<String, String> overrides) throws IOException {
        Path directory = Files.createTempDirectory("flotilla-benchmark-");
        return new BenchmarkCluster(
                directory, ProcessCluster.start(new ClusterSettings(REPLICAS, directory, heapMib, overrides)));
    }

    ProcessCluster processes() {
        return cluster;
    }

    FlotillaClient client() {
        return cluster.client();
    }

    /** Makes a topic whose partitions all have leaders, and returns its name. */
    String newTopic(int partitionCount) {
        String topic = "benchmark-" + ++topics;
        client().admin().createTopic(NewTopic.of(topic, partitionCount, REPLICAS));
        cluster.leaders()
                .await(
                        topic,
                        partitionCount,
                        LEADERS_TIMEOUT.plus(LEADERS_TIMEOUT_PER_PARTITION.multipliedBy(partitionCount)));
        return topic;
    }

    /** Removes a topic once it is measured, so that it does not take part in the next measurement. */
    void deleteTopic(String topic) {
        client().admin().deleteTopicNow(topic);
    }

    @Override
    public void close() throws IOException {
        cluster.close();
        DirectoryTree.delete(directory);
    }
}
