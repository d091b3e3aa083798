package io.flotilla.protocol.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
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

    /** The examples that clients in other languages read too. */
    @Test
    void shouldAgreeWithTheSharedExamples() throws IOException {
        List<String> examples = examples();
        assertThat(examples).hasSize(64);
        for (String example : examples) {
            List<String> columns = List.of(example.split(" "));
            byte[] key = HexFormat.of().parseHex(columns.get(0).replace("-", ""));

            assertThat(KeyHash.murmur2(key)).as(example).isEqualTo(Integer.parseUnsignedInt(columns.get(1), 16));
            assertThat(KeyHash.partitionOf(key, Integer.parseInt(columns.get(2))))
                    .as(example)
                    .isEqualTo(Integer.parseInt(columns.get(3)));
        }
    }

    private static List<String> examples() throws IOException {
        try (InputStream file = Objects.requireNonNull(KeyHashTest.class.getResourceAsStream("key-hash.txt"))) {
            return new String(file.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toList());
        }
    }

    @Test
    void shouldRefuseATopicWithoutPartitions() {
        assertThatThrownBy(() -> KeyHash.partitionOf(new byte[0], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}
