package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.PartitionDescription;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.SegmentDigests.PartitionDigests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentDigestsTest {
    private static final String TOPIC_ID = "0123456789abcdef0123456789abcdef";
    private static final TopicDescription TOPIC = new TopicDescription(
            "orders",
            TOPIC_ID,
            2,
            Map.of(),
            List.of(new PartitionDescription(
                    new TopicPartition("orders", 0),
                    List.of(1, 2),
                    OptionalInt.of(1),
                    1,
                    OptionalLong.empty(),
                    OptionalLong.empty())));

    private final Path root;

    SegmentDigestsTest(@TempDir Path root) {
        this.root = root;
    }

    @Test
    void shouldFindReplicasWithTheSameSegmentsIdentical() throws IOException {
        write(1, "00000000000000000000.log", "records");
        write(2, "00000000000000000000.log", "records");
        write(2, "checkpoint", "each replica has its own");

        PartitionDigests digests = digests();

        assertThat(digests.identical()).isTrue();
        assertThat(digests.replicas()).extractingByKey(1).satisfies(replica -> assertThat(replica.bytes())
                .isEqualTo(7));
    }

    @Test
    void shouldSeeAChangedByte() throws IOException {
        write(1, "00000000000000000000.log", "records");
        write(2, "00000000000000000000.log", "recordz");

        assertThat(digests().identical()).isFalse();
    }

    @Test
    void shouldSeeThatTheSameBytesAreCutIntoOtherSegments() throws IOException {
        write(1, "00000000000000000000.log", "records");
        write(2, "00000000000000000000.log", "rec");
        write(2, "00000000000000000003.log", "ords");

        assertThat(digests().identical()).isFalse();
    }

    @Test
    void shouldFailWhereAReplicaIsMissing() throws IOException {
        write(1, "00000000000000000000.log", "records");

        assertThatThrownBy(this::digests).isInstanceOf(NoSuchFileException.class);
    }

    private PartitionDigests digests() throws IOException {
        return SegmentDigests.of(TOPIC, broker -> root.resolve(Integer.toString(broker)))
                .get(0);
    }

    private void write(int broker, String file, String content) throws IOException {
        Path folder = root.resolve(broker + "/partitions/01234567-89ab-cdef-0123-456789abcdef-0");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(file), content, StandardCharsets.UTF_8);
    }
}
