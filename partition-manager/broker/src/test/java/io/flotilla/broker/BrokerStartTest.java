package io.flotilla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.Membership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BrokerStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    BrokerStartTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldRefuseToBringTheDataOfAnotherCluster() throws Exception {
        try (DataFolder data = DataFolder.open(folder.resolve("stranger"), 2)) {
            data.join(new Membership("their-cluster", List.of(new Peer(PeerId.of(1, "aa"), "127.0.0.1", 1))));
        }
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder.resolve("ours"), 0));
                Broker stranger = Broker.start(config(2, folder.resolve("stranger"), cluster.bootstrap()))) {
            assertThatThrownBy(() -> stranger.awaitReady(PATIENCE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("their-cluster");
            assertThat(Page.of(stranger, "/healthz"))
                    .satisfies(page -> assertThat(page.status()).isEqualTo(503))
                    .satisfies(page -> assertThat(page.body()).contains("their-cluster"));
        }
    }

    @Test
    void shouldBeAliveAndNotReadyWhileItWaitsForItsCluster() throws Exception {
        try (Broker broker = Broker.start(config(2, folder.resolve("lonely"), "127.0.0.1:1"))) {
            Page readiness = Page.of(broker, "/readyz");

            assertThat(readiness.status()).isEqualTo(503);
            assertThat(readiness.body()).contains("looks for its cluster");
            assertThat(Page.of(broker, "/healthz").status()).isEqualTo(200);
            assertThat(Page.of(broker, "/metrics").value("flotilla_ready")).isZero();
        }
    }

    @Test
    void shouldStopWhileItStillWaitsForItsCluster() throws IOException {
        Broker broker = Broker.start(config(2, folder.resolve("lonely"), "127.0.0.1:1"));

        broker.close();

        assertThatThrownBy(() -> broker.awaitReady(PATIENCE)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldNameAWrongSettingAndExitWithOne() {
        assertThat(execute("start", "--set", "node.idd=1")).isEqualTo(1);
        assertThat(err.toString()).contains("unknown setting 'node.idd'", "did you mean 'node.id'?");
    }

    @Test
    void shouldExitWithTwoForWrongUsage() {
        assertThat(execute("start", "--sett", "node.id=1")).isEqualTo(2);
    }

    @Test
    void shouldPrintEverySetting() {
        assertThat(execute("start", "--print-config")).isZero();
        assertThat(out.toString()).contains("node.id", "cluster.seeds", "message.max.bytes=1048588");
    }

    private int execute(String... arguments) {
        return new CommandLine(new BrokerCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static BrokerConfig config(int nodeId, Path data, String seed) throws IOException {
        try (ServerSocket grpc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket internal = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return BrokerConfig.of(Map.of(
                    "node.id",
                    Integer.toString(nodeId),
                    "data.dir",
                    data.toString(),
                    "listeners",
                    "GRPC://127.0.0.1:" + grpc.getLocalPort() + ",INTERNAL://127.0.0.1:" + internal.getLocalPort()
                            + ",HTTP://127.0.0.1:" + http.getLocalPort(),
                    "cluster.seeds",
                    "1@" + seed));
        }
    }
}
