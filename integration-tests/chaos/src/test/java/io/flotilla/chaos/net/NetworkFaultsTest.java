package io.flotilla.chaos.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All faults of links, one after the other, on one cluster of three brokers behind proxies. */
class NetworkFaultsTest {
    private static final int HEAP_MIB = 192;

    private static LocalBackend backend;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        backend = LocalBackend.open(new LocalSettings(3, directory, HEAP_MIB, Map.of(), List.of()));
    }

    @AfterAll
    static void stop() {
        backend.close();
        assertThat(backend.unexpectedExits()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PARTITION, CONTROLLER, ''",
        "PARTITION, ANY, shape=halves clients=group",
        "PARTITION, ANY, shape=random clients=others",
        "PARTITION, CONTROLLER, shape=minority",
        "PARTITION_ONE_WAY, CONTROLLER, direction=inbound",
        "PARTITION_ONE_WAY, CONTROLLER, direction=outbound clients=true",
        "PARTIAL_PARTITION, CONTROLLER, shape=pair",
        "PARTIAL_PARTITION, ANY, shape=bridge",
        "RESET, CONTROLLER, every.ms=100",
        "RESET, CONTROLLER, mode=refuse",
        "RESET, CONTROLLER, mode=half-open",
        "SLOW_LINK, CONTROLLER, delay.ms=50",
        "NARROW_LINK, CONTROLLER, kbit=64 clients=true",
        "SWIZZLE, ALL, gap.ms=50"
    })
    void shouldProveThatItTookEffectAndLeaveNothingBehind(FaultId id, Target.Role role, String parameters) {
        Fault fault = backend.fault(spec(id, role, parameters), 42);

        List<Integer> struck = fault.arm();
        String proof;
        try {
            proof = fault.verify();
        } finally {
            fault.disarm();
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

    @Test
    void shouldRefuseLossOfPacketsWhereThereAreNone() {
        assertThatThrownBy(() -> backend.fault(spec(FaultId.LOSSY_LINK, Target.Role.ANY, ""), 1))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("network namespaces");
    }
}
