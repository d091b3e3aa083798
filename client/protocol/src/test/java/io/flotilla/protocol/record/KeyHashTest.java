package io.flotilla.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    @Test
    void shouldHashAsKafkasClientsDo() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            byte[] key = new byte[seed % 67];
            random.nextBytes(key);
            int partitionCount = 1 + random.nextInt(1_000);

            assertThat(KeyHash.murmur2(key)).as("seed %d", seed).isEqualTo(Utils.murmur2(key));
            assertThat(KeyHash.partitionOf(key, partitionCount))
                    .as("seed %d", seed)
                    .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % partitionCount);
        }
    }

    @Test
    void shouldRefuseATopicWithoutPartitions() {
        assertThatThrownBy(() -> KeyHash.partitionOf(new byte[0], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}
