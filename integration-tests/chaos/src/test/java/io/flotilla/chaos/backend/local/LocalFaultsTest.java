package io.flotilla.chaos.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Target;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.cluster.traffic.Traffic;
import io.flotilla.cluster.traffic.TrafficSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of fault in turn strikes one cluster, proves itself, and leaves all brokers running. */
class LocalFaultsTest {
    private static final int BROKERS = 3;
    private static final int PARTITIONS = 6;
    private static final long SEED = 42;
    private static final Duration SERVICE_TIMEOUT = Duration.ofSeconds(60);
    private static final Set<FaultId> ENABLED = EnumSet.complementOf(EnumSet.of(
            FaultId.PARTITION,
            FaultId.PARTITION_ONE_WAY,
            FaultId.PARTIAL_PARTITION,
            FaultId.RESET,
            FaultId.SLOW_LINK,
            FaultId.LOSSY_LINK,
            FaultId.NARROW_LINK,
            FaultId.SWIZZLE));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before the cluster starts
    static Path directory;

    private static LocalBackend backend;
    private static FlotillaClient client;
    private static Traffic traffic;

    @BeforeAll
    static void startCluster() throws IOException {
        backend = LocalBackend.open(new LocalSettings(BROKERS, directory, 192, Map.of(), List.of()).enabling(ENABLED));
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

    @ParameterizedTest
    @CsvSource({
        "KILL,             LEADER,      1, '',                                exit code 137",
        "TERMINATE,        CONTROLLER,  1, '',                                exit codes by broker",
        "PAUSE,            FOLLOWER,    2, '',                                state T of brokers",
        "PAUSE,            COORDINATOR, 1, mode=strobe,                       state T 3 times",
        "ROLLING_RESTART,  ANY,         1, gap.ms=100,                        new processes: broker",
        "METADATA_LOSS,    ANY,         1, '',                                2 of 3 voters of the metadata are gone",
        "SCARCE_RESOURCES, LEADER,      1, percent=10,                        ''",
        "SCARCE_RESOURCES, ANY,         1, what=gc,                           full collections of garbage",
        "SLOW_DISK,        LEADER,      1, delay.ms=50,                       calls struck",
        "FULL_DISK,        FOLLOWER,    1, '',                                calls struck",
        "IO_ERROR,         LEADER,      1, '',                                calls struck",
        "LYING_DISK,       ALL,         1, '',                                calls struck",
        "TORN_WRITE,       LEADER,      1, unit=512,                          exit codes [137]",
        "CLOCK,            ANY,         1, by.ms=-7200000,                    says that it is ahead by -7",
        "CLOCK,            ANY,         1, 'mode=rate percent=1000',          looks at the clock",
        "BIT_ROT,          FOLLOWER,    1, 'unit=replica heal.ms=1000',       replica",
        "BIT_ROT,          FOLLOWER,    1, 'state=running heal.ms=1000',      broker",
        "WIPE,             ANY,         1, '',                                other data folders",
        "TRANSFER_STORM,   ALL,         1, every.ms=300,                      terms began",
        "MEMBERSHIP,       ALL,         1, partitions=2,                      have other replicas than before",
        "CLIENT_FAULT,     LEADER,      1, connections=80,                    others were answered",
        "FAILPOINT,        LEADER,      1, 'point=reply action=halt',         1 times at reply"
    })
    void shouldStrikeProveItAndLeaveAllBrokersRunning(
            FaultId id, Target.Role role, int count, String parameters, String proof) {
        Map<String, String> named = new TreeMap<>();
        for (String parameter : parameters.isEmpty() ? new String[0] : parameters.split(" ", -1)) {
            named.put(parameter.split("=", 2)[0], parameter.split("=", 2)[1]);
        }
        Fault fault = backend.fault(new FaultSpec(id, new Target(role, count), new TreeMap<>(named)), SEED);
        try {
            assertThat(fault.arm()).isNotEmpty();
            assertThat(fault.verify()).contains(proof);
        } finally {
            fault.disarm();
            fault.disarm();
            if (fault instanceof LingeringFault lingering) {
                lingering.settle();
            }
        }
        traffic.awaitAcknowledged(1, SERVICE_TIMEOUT);
    }

    @Test
    void shouldRefuseAParameterThatNoFaultHas() {
        var spec = new FaultSpec(FaultId.KILL, Target.of(Target.Role.ANY), new TreeMap<>(Map.of("restart", "1")));

        assertThatThrownBy(() -> backend.fault(spec, SEED))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("restart.ms");
    }

    @Test
    void shouldRefuseToDestroyMoreThanAMinority() {
        var spec = new FaultSpec(FaultId.WIPE, new Target(Target.Role.ANY, 2), new TreeMap<>());
        Fault fault = backend.fault(spec, SEED);

        assertThatThrownBy(fault::arm).isInstanceOf(FaultException.class).hasMessageContaining("beyond=true");

        fault.disarm();
    }

    @Test
    void shouldExcludeWhatWasNotEnabled() {
        assertThat(backend.faults()).contains(FaultId.KILL, FaultId.IO_ERROR).doesNotContain(FaultId.PARTITION);
    }
}
