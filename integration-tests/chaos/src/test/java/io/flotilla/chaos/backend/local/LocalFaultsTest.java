package io.flotilla.chaos.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of fault in turn strikes one cluster, proves itself, and leaves all brokers running. */
class LocalFaultsTest {
    private static final int BROKERS = 3;
    private static final int PARTITIONS = 6;

    @TempDir
    static Path directory;

    private static LocalBackend backend;
    private static FlotillaClient client;
    private static Traffic traffic;

    @BeforeAll
    static void startCluster() throws IOException {
        backend = LocalBackend.open(new LocalSettings(BROKERS, directory, 192, Map.of(), List.of()));
        client = FlotillaClient.connect(backend.bootstrap());
        client.admin().createTopic(NewTopic.of("orders", PARTITIONS, BROKERS));
        traffic = Traffic.start(client, new TrafficSettings("orders", PARTITIONS, 2, 50, 100, 1024, 7));
    }

    @AfterAll
    static void stopCluster() {
        traffic.close();
        client.close();
        backend.close();
    }

    @AfterEach
    void allBrokersRun() {
        assertThat(backend.respondingNodes()).containsExactly(1, 2, 3);
        assertThat(backend.unexpectedExits()).isEmpty();
    }

    private static String strike(FaultId id, Target target, Map<String, String> parameters) {
        Fault fault = backend.fault(new FaultSpec(id, target, new TreeMap<>(parameters)), 42);
        try {
            assertThat(fault.arm()).isNotEmpty();
            String proof = fault.verify();
            System.out.println(id + " " + proof);
            return proof;
        } finally {
            fault.disarm();
            fault.disarm();
        }
    }

    @Test
    void shouldKill() {
        assertThat(strike(FaultId.KILL, Target.of(Target.Role.LEADER), Map.of()))
                .contains("exit code 137");
        assertThat(strike(FaultId.KILL, Target.of(Target.Role.ALL), Map.of("restart.ms", "100")))
                .contains("exit code 137");
    }

    @Test
    void shouldTerminate() {
        assertThat(strike(FaultId.TERMINATE, Target.of(Target.Role.CONTROLLER), Map.of()))
                .contains("exit codes");
    }

    @Test
    void shouldPauseOnceAndInStrobes() {
        assertThat(strike(FaultId.PAUSE, new Target(Target.Role.FOLLOWER, 2), Map.of()))
                .contains("state T");
        assertThat(strike(FaultId.PAUSE, Target.of(Target.Role.COORDINATOR), Map.of("mode", "strobe")))
                .contains("times");
    }

    @Test
    void shouldRestartOneAfterTheOther() {
        assertThat(strike(FaultId.ROLLING_RESTART, new Target(Target.Role.ANY, 2), Map.of()))
                .contains("new processes");
    }

    @Test
    void shouldSlowTheDisk() {
        assertThat(strike(FaultId.SLOW_DISK, Target.of(Target.Role.LEADER), Map.of("delay.ms", "50")))
                .contains("calls struck");
    }

    @Test
    void shouldFillTheDisk() {
        assertThat(strike(FaultId.FULL_DISK, Target.of(Target.Role.FOLLOWER), Map.of()))
                .contains("calls struck");
    }

    @Test
    void shouldFailCallsForRaftLogs() {
        assertThat(strike(FaultId.IO_ERROR, Target.of(Target.Role.LEADER), Map.of()))
                .contains("calls struck");
        assertThat(strike(FaultId.IO_ERROR, Target.of(Target.Role.FOLLOWER), Map.of("call", "write", "mode", "once")))
                .contains("calls struck: 1 of");
    }

    @Test
    void shouldLieAboutSyncs() {
        assertThat(strike(FaultId.LYING_DISK, Target.of(Target.Role.ALL), Map.of()))
                .contains("calls struck");
    }

    @Test
    void shouldTearAWrite() {
        assertThat(strike(FaultId.TORN_WRITE, Target.of(Target.Role.LEADER), Map.of("unit", "512")))
                .contains("exit codes [137]");
    }

    @Test
    void shouldMoveTheClock() {
        assertThat(strike(FaultId.CLOCK, Target.of(Target.Role.ANY), Map.of("by.ms", "-7200000")))
                .contains("ahead by -7");
        assertThat(strike(FaultId.CLOCK, Target.of(Target.Role.ANY), Map.of("mode", "rate", "percent", "1000")))
                .contains("looks at the clock");
    }
}
