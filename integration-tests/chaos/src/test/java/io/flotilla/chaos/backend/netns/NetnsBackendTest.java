package io.flotilla.chaos.backend.netns;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All faults that take namespaces or disks of one's own, one after the other, on one cluster of three brokers. */
class NetnsBackendTest {
    private static final int HEAP_MIB = 192;

    private static @Nullable LocalBackend backend;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        assumeThat(NetnsBackend.obstacle()).isEmpty();
        backend = NetnsBackend.open(new NetnsSettings(3, directory, HEAP_MIB, Map.of(), List.of()));
    }

    @AfterAll
    static void stop() {
        if (backend != null) {
            backend.close();
            assertThat(backend.unexpectedExits()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PARTITION, CONTROLLER, clients=group",
        "PARTITION_ONE_WAY, CONTROLLER, direction=outbound",
        "PARTIAL_PARTITION, CONTROLLER, shape=pair",
        "RESET, CONTROLLER, every.ms=100",
        "RESET, CONTROLLER, mode=refuse",
        "RESET, CONTROLLER, mode=half-open",
        "SLOW_LINK, CONTROLLER, delay.ms=100 clients=true",
        "LOSSY_LINK, CONTROLLER, loss.percent=30 duplicate.percent=20",
        "NARROW_LINK, CONTROLLER, kbit=256",
        "SWIZZLE, ALL, gap.ms=0",
        "FULL_DISK, CONTROLLER, leave.kib=64",
        "READ_ONLY_DISK, CONTROLLER, ''",
        "WIPE, ANY, ''",
        "POWER_LOSS, ALL, ''"
    })
    void shouldProveThatItTookEffectAndTakeItBack(FaultId id, Target.Role role, String parameters) {
        Fault fault = requireNonNull(backend).fault(spec(id, role, parameters), 42);

        List<Integer> struck = fault.arm();
        String proof;
        try {
            proof = fault.verify();
        } finally {
            fault.disarm();
            if (fault instanceof LingeringFault lingering) {
                lingering.settle();
            }
        }

        assertThat(struck).isNotEmpty();
        assertThat(proof).isNotBlank();
    }

    private static FaultSpec spec(FaultId id, Target.Role role, String parameters) {
        Map<String, String> values = new TreeMap<>();
        for (String word : parameters.split(" ")) {
            if (!word.isEmpty()) {
                values.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            }
        }
        return new FaultSpec(id, Target.of(role), new TreeMap<>(values));
    }
}
