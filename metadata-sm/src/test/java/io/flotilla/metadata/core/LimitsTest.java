package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The sizes that the limits promise. */
class LimitsTest {
    @Test
    void shouldKeepTheLargestReportBelowHalfARaftEntry() {
        List<LeaderReport> reports = new ArrayList<>();
        for (int n = 0; n < Limits.LEADER_REPORTS_MAX; n++) {
            PartitionId partition = new PartitionId(new UUID(-1, n), Limits.TOPIC_PARTITIONS_MAX - 1);
            reports.add(new LeaderReport(partition, Integer.MAX_VALUE, Integer.MAX_VALUE));
        }

        assertThat(CommandFormat.encode(new ReportLeaders(reports)).remaining()).isLessThan(512 << 10);
    }

    @Test
    void shouldKeepTheLargestImageBelow8MiB() throws IOException {
        MetadataImage image = MetadataImage.empty(Fixtures.CLUSTER);
        for (int id = 0; id < 100; id++) {
            image = Transition.apply(image, broker(id)).image();
        }
        for (int n = 0; n < Limits.CLUSTER_PARTITIONS_MAX / Limits.TOPIC_PARTITIONS_MAX; n++) {
            Applied created = Fixtures.accepted(Transition.apply(
                    image, topic("topic-" + n, Limits.TOPIC_PARTITIONS_MAX, Limits.REPLICATION_FACTOR_MAX)));
            image = created.image();
        }

        byte[] encoded = ImageFormat.encode(image);

        assertThat(encoded.length).isLessThan(8 << 20);
        assertThat(ImageFormat.decode(encoded)).isEqualTo(image);
    }

    @Test
    void shouldRefuseToEncodeACommandThatNoEntryCanHold() {
        CreateTopic huge = new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of("x", "y".repeat(1 << 20)));

        assertThatThrownBy(() -> CommandFormat.encode(huge))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("ask for less");
    }
}
