package io.flotilla.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.config.Capacity.Machine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        // heap, direct memory in MiB, files, configured: replicas, MiB of a Raft log's file
        "1024,  512,  65536,   0,  256, 8",
        "4096,  512,  65536,   0,  358, 8",
        "4096,  512,  65536, 358,  358, 5",
        "1024,  512,   1024,   0,   64, 8",
        "1024,  512,  65536,  32,   32, 8",
        "1024, 1024,  65536, 500,  500, 2",
        "  64,   64,    256,   0,    1, 8",
    })
    void shouldFollowFromTheScarcestResource(
            long heapMib, long directMib, long files, int configured, int replicas, int segmentMib) {
        Capacity capacity = Capacity.of(new Machine(heapMib * MIB, directMib * MIB, files), configured);

        assertThat(capacity.replicasMax()).isEqualTo(replicas);
        assertThat(capacity.raftSegmentBytes() / MIB).isEqualTo(segmentMib);
    }
}
