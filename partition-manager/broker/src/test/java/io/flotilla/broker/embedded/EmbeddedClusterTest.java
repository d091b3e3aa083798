package io.flotilla.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.Broker;
import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.ConfigException;
import io.flotilla.broker.grpc.WireClient;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.TopicPartition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path folder;

    EmbeddedClusterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldGoOnWithoutOneOfThreeBrokersAndTakeItBack() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(3, folder, 0))) {
            TopicPartition partition;
            int leader;
            try (WireClient any = new WireClient(cluster.brokers().get(0))) {
                partition = any.createTopic("orders", 3);
                leader = any.leaderOf("orders");
            }
            appendToLeader(cluster, partition, "before");

            cluster.stop(leader);
            appendToLeader(cluster, partition, "while one is away");
            cluster.restart(leader);
            appendToLeader(cluster, partition, "after");

            assertThat(valuesAtLeader(cluster, partition)).containsSubsequence("before", "while one is away", "after");
            assertThat(cluster.brokers()).hasSize(3);
        }
    }

    @Test
    void shouldFindItsDataAgain() throws IOException {
        TopicPartition partition;
        String clusterId;
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0));
                WireClient client = new WireClient(cluster.brokers().get(0))) {
            partition = client.createTopic("orders", 1);
            client.append(partition, "kept");
            clusterId = clusterIdOf(client);
        }

        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0));
                WireClient client = new WireClient(cluster.brokers().get(0))) {
            client.append(partition, "added");

            assertThat(client.values(partition, 0)).containsExactly("kept", "added");
            assertThat(clusterIdOf(client)).isEqualTo(clusterId);
        }
    }

    @Test
    void shouldServeOnABrokerThatHoldsNoMetadata() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(2, folder, 0));
                WireClient follower = new WireClient(cluster.brokers().get(1))) {
            TopicPartition partition = follower.createTopic("orders", 2);

            appendToLeader(cluster, partition, "a");

            assertThat(valuesAtLeader(cluster, partition)).containsExactly("a");
            assertThat(follower.cluster()
                            .describeCluster(DescribeClusterRequest.getDefaultInstance())
                            .getMetadataVoterBrokerIdsList())
                    .containsExactly(1);
        }
    }

    @Test
    void shouldNameThePortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerConfig config = config(folder.resolve("data"), taken.getLocalPort(), freePort());

            assertThatThrownBy(() -> Broker.start(config))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("127.0.0.1:" + taken.getLocalPort(), "GRPC");
        }
    }

    @Test
    void shouldNameTheInternalPortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket grpc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerConfig config = config(folder.resolve("data"), grpc.getLocalPort(), taken.getLocalPort());

            assertThatThrownBy(() -> Broker.start(config))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("127.0.0.1:" + taken.getLocalPort(), "INTERNAL");
        }
    }

    @Test
    void shouldRefuseADataFolderInUse() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0))) {
            BrokerConfig config = cluster.brokers().get(0).config();

            assertThatThrownBy(() -> Broker.start(config))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll(config.dataDirectory().toString(), "in use");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static BrokerConfig config(Path data, int grpcPort, int internalPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", "1");
        settings.put("data.dir", data.toString());
        settings.put("listeners", "GRPC://127.0.0.1:" + grpcPort + ",INTERNAL://127.0.0.1:" + internalPort);
        settings.put("cluster.seeds", "1@127.0.0.1:" + grpcPort);
        return BrokerConfig.of(settings);
    }

    private static String clusterIdOf(WireClient client) {
        return client.cluster()
                .describeCluster(DescribeClusterRequest.getDefaultInstance())
                .getClusterId();
    }

    private static void appendToLeader(EmbeddedCluster cluster, TopicPartition partition, String value) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (WireClient client = leaderOf(cluster, partition)) {
                client.append(partition, value);
                return true;
            }
        });
    }

    private static List<String> valuesAtLeader(EmbeddedCluster cluster, TopicPartition partition) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            try (WireClient client = leaderOf(cluster, partition)) {
                                return client.values(partition, 0);
                            }
                        },
                        values -> !values.isEmpty());
    }

    /** A client of the broker that the first one believes to lead. */
    private static WireClient leaderOf(EmbeddedCluster cluster, TopicPartition partition) {
        try (WireClient any = new WireClient(cluster.brokers().get(0))) {
            int leader = any.leaderOf(partition.getTopic());
            return new WireClient(cluster.brokers().stream()
                    .filter(broker -> broker.nodeId() == leader)
                    .findFirst()
                    .orElseThrow());
        }
    }
}
