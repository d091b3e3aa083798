package io.flotilla.chaos.backend.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of this machine, struck by commands as if it were somebody else's. */
class RemoteBackendTest {
    private static final int HEAP_MIB = 160;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path directory;

    private static ProcessCluster operators;
    private static RemoteSettings settings;
    private static final AtomicBoolean OVER = new AtomicBoolean();
    private static final Thread SUPERVISOR = new Thread(RemoteBackendTest::supervise, "supervisor");

    @BeforeAll
    static void start() throws IOException {
        operators = ProcessCluster.start(
                ClusterSettings.of(3, directory.resolve("cluster")).withHeapMib(HEAP_MIB));
        SUPERVISOR.start();
        List<String> lines = new ArrayList<>(List.of(
                "bootstrap=" + operators.bootstrap(),
                "confirm.cluster="
                        + operators.client().admin().describeCluster().clusterId(),
                "command.start=touch " + directory + "/start-{node}",
                "command.cut=touch " + directory + "/cut-{peer}-{node}",
                "command.heal=rm -f " + directory + "/cut-{peer}-{node}",
                "command.probe=test ! -e " + directory + "/cut-{node}-{peer}",
                "command.FULL_DISK.arm=touch " + directory + "/full-{node}",
                "command.FULL_DISK.verify=cat " + directory + "/full-{node} && echo it is full",
                "command.FULL_DISK.disarm=rm -f " + directory + "/full-{node}"));
        for (int node : operators.brokerIds()) {
            String pid = directory + "/pid-" + node;
            Files.writeString(Path.of(pid), Long.toString(operators.pid(node)));
            lines.add("broker." + node + ".command.kill=kill -9 $(cat " + pid + ")");
            lines.add("broker." + node + ".command.pause=kill -STOP $(cat " + pid + ")");
            lines.add("broker." + node + ".command.resume=kill -CONT $(cat " + pid + ")");
        }
        Path file = directory.resolve("cluster.properties");
        Files.write(file, lines);
        settings = RemoteSettings.read(file);
    }

    /** What starts brokers that an operator's command asks for. */
    private static void supervise() {
        while (!OVER.get()) {
            for (int node : operators.brokerIds()) {
                Path order = directory.resolve("start-" + node);
                if (Files.exists(order)) {
                    operators.expectExit(node);
                    operators.kill9(node);
                    operators.launch(node);
                    assertThat(order.toFile().delete()).isTrue();
                }
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        OVER.set(true);
        SUPERVISOR.join();
        operators.close();
    }

    @Test
    void shouldRefuseAClusterThatWasNotConfirmed() {
        RemoteSettings other = new RemoteSettings(settings.bootstrap(), "production", settings.values());

        assertThatThrownBy(() -> RemoteBackend.open(other, directory.resolve("refused"), Set.of()))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("confirm.cluster=production");
    }

    @Test
    void shouldOfferOnlyWhatIsSafeAndHasCommands() throws IOException {
        try (RemoteBackend backend = open("offers", Set.of())) {
            assertThat(backend.faults())
                    .containsExactlyInAnyOrder(
                            FaultId.KILL,
                            FaultId.PAUSE,
                            FaultId.PARTITION,
                            FaultId.PARTITION_ONE_WAY,
                            FaultId.PARTIAL_PARTITION);
            assertThatThrownBy(() -> backend.fault(spec(FaultId.FULL_DISK), 1))
                    .hasMessageContaining("has to be allowed explicitly");
            assertThatThrownBy(() -> backend.fault(spec(FaultId.TERMINATE), 1))
                    .hasMessageContaining("no command.terminate");
        }
        try (RemoteBackend backend = open("more-offers", RemoteBackend.kinds("full_disk, N15"))) {
            assertThat(backend.faults()).contains(FaultId.FULL_DISK).doesNotContain(FaultId.LYING_DISK);
        }
    }

    @Test
    void shouldStrikeByCommandsAndTakeThatBack() throws IOException {
        try (RemoteBackend backend = open("strikes", Set.of(FaultId.FULL_DISK))) {
            // The killed one last: its process file names a process that is gone.
            assertThat(strike(backend, FaultId.PAUSE)).contains("does not answer");
            assertThat(strike(backend, FaultId.FULL_DISK)).contains("it is full");
            assertThat(strike(backend, FaultId.PARTIAL_PARTITION)).contains("got no answer");
            assertThat(strike(backend, FaultId.KILL)).contains("does not answer");

            assertThat(backend.unexpectedExits()).isEmpty();
            assertThat(backend.respondingNodes()).isEqualTo(backend.nodes());
        }
    }

    private static RemoteBackend open(String name, Set<FaultId> allowed) throws IOException {
        return RemoteBackend.open(settings, directory.resolve(name), allowed);
    }

    private static String strike(RemoteBackend backend, FaultId id) {
        Fault fault = backend.fault(spec(id), 7);
        try {
            fault.arm();
            return fault.verify();
        } finally {
            fault.disarm();
        }
    }

    private static FaultSpec spec(FaultId id) {
        return new FaultSpec(id, Target.of(Target.Role.ANY), new TreeMap<>());
    }
}
