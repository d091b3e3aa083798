package io.flotilla.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.Broker;
import io.flotilla.broker.grpc.WireClient;
import io.flotilla.protocol.v1.DecommissionBrokerRequest;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeClusterResponse;
import io.flotilla.protocol.v1.DrainBrokerRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters of the metadata are replaced while the cluster runs, and whoever was away finds the new ones. */
class VotersReplacedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;

    VotersReplacedTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldReplaceTheMetadatasLeaderByABrokerThatVotesFromThenOn() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(4, folder, 0))) {
            int leaving = leader(cluster);
            List<Integer> staying =
                    List.of(1, 2, 3, 4).stream().filter(id -> id != leaving).toList();

            decommission(cluster, leaving);

            awaitVoters(broker(cluster, leaving), staying);
            cluster.stop(leaving);
            cluster.stop(staying.get(0)); // nothing is committed now but with the vote of broker 4
            commit(cluster);
            cluster.restart(staying.get(0));
            cluster.stop(4);
            cluster.restart(4);
            awaitVoters(broker(cluster, 4), staying);
            commit(cluster);
        }
    }

    @Test
    void shouldFindTheVotersThoughNoneOfTheFirstIsThere() throws IOException {
        List<Integer> last = List.of(4, 5, 6);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(6, folder, 0))) {
            for (int leaving : List.of(1, 2, 3)) {
                decommission(cluster, leaving);
                cluster.stop(leaving);
            }
            awaitVoters(broker(cluster, 4), last);

            cluster.restart(
                    1); // it has retired, and of its seeds it is the only one; what it kept leads it to broker 4

            awaitVoters(broker(cluster, 1), last);
            commit(cluster);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            Files.readString(folder.resolve("broker-1").resolve("meta.properties")))
                    .contains("metadata.retired=true", "metadata.contacts=4@"));

            delete(folder.resolve("broker-2"));
            cluster.restart(2); // a seed with an empty disk: it neither votes nor founds a cluster of its own

            awaitVoters(broker(cluster, 2), last);
        }
    }

    @Test
    void shouldFollowWhenItsVoterWasReplacedWhileItWasAway() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(4, folder, 0))) {
            int leader = leader(cluster);
            int away = leader % 3 + 1;
            List<Integer> staying =
                    List.of(1, 2, 3, 4).stream().filter(id -> id != away).toList();
            cluster.stop(away);

            decommission(cluster, away);
            awaitVoters(broker(cluster, 4), staying);
            cluster.restart(away);

            awaitVoters(broker(cluster, away), staying);
            commit(cluster);
        }
    }

    private static Broker broker(EmbeddedCluster cluster, int id) {
        return cluster.brokers().stream()
                .filter(broker -> broker.nodeId() == id)
                .findFirst()
                .orElseThrow();
    }

    private static DescribeClusterResponse describe(Broker broker) {
        try (WireClient client = new WireClient(broker)) {
            return client.cluster().describeCluster(DescribeClusterRequest.getDefaultInstance());
        }
    }

    private static int leader(EmbeddedCluster cluster) {
        return await().atMost(PATIENCE)
                .until(() -> describe(cluster.brokers().get(0)), DescribeClusterResponse::hasMetadataLeaderBrokerId)
                .getMetadataLeaderBrokerId();
    }

    /** Until the broker knows exactly these voters, and that one of them leads. */
    private static void awaitVoters(Broker broker, List<Integer> voters) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            DescribeClusterResponse seen = describe(broker);
            assertThat(seen.getMetadataVoterBrokerIdsList()).containsExactlyElementsOf(voters);
            assertThat(voters).contains(seen.getMetadataLeaderBrokerId());
        });
    }

    private static void decommission(EmbeddedCluster cluster, int id) {
        Broker other = cluster.brokers().stream()
                .filter(broker -> broker.nodeId() != id)
                .findFirst()
                .orElseThrow();
        try (WireClient client = new WireClient(other)) {
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                    .until(() -> {
                        client.cluster()
                                .decommissionBroker(DecommissionBrokerRequest.newBuilder()
                                        .setBrokerId(id)
                                        .setOperationId(String.format("%032x", id))
                                        .build());
                        return true;
                    });
        }
        await().atMost(PATIENCE).until(() -> describe(other).getBrokersList().stream()
                .noneMatch(known -> known.getEndpoint().getBrokerId() == id));
    }

    /** A command that changes nothing: it has to be committed all the same. */
    private static void commit(EmbeddedCluster cluster) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(() -> {
                    try (WireClient client = new WireClient(cluster.brokers().get(0))) {
                        return !client.cluster()
                                .drainBroker(DrainBrokerRequest.newBuilder()
                                        .setBrokerId(4)
                                        .setDraining(false)
                                        .build())
                                .getBroker()
                                .getDraining();
                    }
                });
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
