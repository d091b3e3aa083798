package io.flotilla.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.BrokerAddress;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that cannot start says why and what to do, and exits. */
final class RefusedStartTest {
    private static final int COULD_NOT_START = 1;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void shouldNameTheUnknownSettingAndTheNearestKnownOne() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.prepare(settings("one").with("mesage.max.bytes", "2000"))) {
            assertThat(refusalOf(cluster, 1)).contains("mesage.max.bytes", "did you mean 'message.max.bytes'");
        }
    }

    @Test
    void shouldNameThePortThatIsTaken() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.prepare(settings("one"));
                var taken = new ServerSocket()) {
            BrokerAddress address = BrokerAddress.parse(cluster.address(1));
            taken.bind(new InetSocketAddress(address.host(), address.port()));

            assertThat(refusalOf(cluster, 1)).contains(cluster.address(1), "stop the process that uses the port");
        }
    }

    @Test
    void shouldNameTheDataFolderThatAnotherBrokerUses() throws IOException {
        try (ProcessCluster first = ProcessCluster.start(settings("first"));
                ProcessCluster second = ProcessCluster.prepare(settings("second")
                        .with("data.dir", first.dataDirectory(1).toString()))) {
            assertThat(refusalOf(second, 1))
                    .contains(first.dataDirectory(1).toString(), "in use by another broker", "data.dir");
        }
    }

    @Test
    void shouldRefuseTheDataFolderOfAnotherNode() throws IOException {
        try (ProcessCluster first = ProcessCluster.start(settings("first"))) {
            first.stop(1);
            ClusterSettings two =
                    ClusterSettings.of(2, folder.resolve("second")).withHeapMib(128);
            try (ProcessCluster second = ProcessCluster.prepare(
                    two.with("data.dir", first.dataDirectory(1).toString()))) {
                assertThat(refusalOf(second, 2)).contains("belongs to node 1, but node.id is 2", "data.dir");
            }
        }
    }

    @Test
    void shouldRefuseTheDataFolderOfAnotherCluster() throws IOException {
        ClusterSettings two = ClusterSettings.of(2, folder.resolve("first")).withHeapMib(128);
        Path foreign;
        try (ProcessCluster first = ProcessCluster.start(two)) {
            foreign = first.dataDirectory(2);
        }
        ClusterSettings others = ClusterSettings.of(2, folder.resolve("second")).withHeapMib(128);
        try (ProcessCluster second = ProcessCluster.prepare(others)) {
            Files.move(foreign, second.dataDirectory(2));
            second.start(1);

            assertThat(refusalOf(second, 2))
                    .contains(
                            second.dataDirectory(2).toString(),
                            "belongs to cluster",
                            "correct data.dir or cluster.seeds");
        }
    }

    private ClusterSettings settings(String name) {
        return ClusterSettings.of(1, folder.resolve(name)).withHeapMib(128);
    }

    /** Starts a broker, which must end by itself, and returns what it printed. */
    private static String refusalOf(ProcessCluster cluster, int id) {
        cluster.launch(id);
        int code = cluster.awaitExit(id);

        String output = cluster.log(id).tail();
        assertThat(code).as(output).isEqualTo(COULD_NOT_START);
        assertThat(output).contains("error: ");
        return output;
    }
}
