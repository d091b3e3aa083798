package io.flotilla.metadata;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What deltas carry, and where they do not fit. */
class ImageDeltaTest {
    private static final MetadataImage LARGE = largeImage();

    /** 1,000 topics of 10 partitions with their leaders, on three brokers. */
    private static MetadataImage largeImage() {
        MetadataImage brokers = imageAfter(broker(1), broker(2), broker(3));
        List<PeerId> replicas = brokers.brokers().values().stream()
                .map(BrokerRegistration::peerId)
                .toList();
        List<PartitionAssignment> partitions = IntStream.range(0, 10)
                .mapToObj(n -> PartitionAssignment.unled(n, replicas).ledBy(1 + n % 3, 3))
                .toList();
        List<Topic> topics = IntStream.range(0, 1_000)
                .mapToObj(n -> new Topic(new UUID(1, n), "orders-of-region-" + n, 3, Map.of(), partitions))
                .toList();
        return MetadataImage.of(Fixtures.CLUSTER, 1_003, 0, brokers.brokers().values(), topics);
    }

    @Test
    void shouldSendOfALargeImageOnlyWhatChanged() {
        MetadataImage created = imageAfter(LARGE, topic("one-more", 10, 3));
        MetadataImage led = imageAfter(LARGE, leaderOf("orders-of-region-7", 3));
        MetadataImage deleted = imageAfter(LARGE, new DeleteTopic("orders-of-region-7", 1, 1_000));
        MetadataImage back = imageAfter(deleted, new UndeleteTopic("orders-of-region-7"));

        assertThat(ImageFormat.encode(created).length).isGreaterThan(150_000);
        assertThat(bytesOf(LARGE, created)).isLessThan(320);
        assertThat(bytesOf(LARGE, led)).isLessThan(160);
        assertThat(bytesOf(LARGE, deleted)).isLessThan(160);
        assertThat(bytesOf(deleted, back)).isLessThan(160);
        assertThat(bytesOf(LARGE, LARGE)).isLessThan(40);
    }

    private static int bytesOf(MetadataImage before, MetadataImage after) {
        return DeltaFormat.encode(ImageDelta.between(before, after)).length;
    }

    private static ReportLeaders leaderOf(String name, int partition) {
        PartitionId id = LARGE.topic(name).orElseThrow().partitionId(partition);
        return new ReportLeaders(List.of(new LeaderReport(id, 4, 1, List.of())));
    }

    @Test
    void shouldShareWhatDidNotChange() {
        MetadataImage led = imageAfter(LARGE, leaderOf("orders-of-region-7", 3));

        MetadataImage followed = ImageDelta.between(LARGE, led).applyTo(LARGE);

        assertThat(followed).isEqualTo(led);
        assertThat(followed.brokers()).isEqualTo(LARGE.brokers());
        assertThat(followed.topic("orders-of-region-8").orElseThrow())
                .isSameAs(LARGE.topic("orders-of-region-8").orElseThrow());
        assertThat(followed.topic("orders-of-region-7")
                        .orElseThrow()
                        .partitions()
                        .get(2))
                .isSameAs(LARGE.topic("orders-of-region-7")
                        .orElseThrow()
                        .partitions()
                        .get(2));
    }

    @Test
    void shouldRefuseAnImageFromWhichItDoesNotLeadOn() {
        MetadataImage one = imageAfter(broker(1));
        MetadataImage two = imageAfter(one, broker(2));
        MetadataImage three = imageAfter(two, broker(3));

        assertThatThrownBy(() -> ImageDelta.between(two, three).applyTo(one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from version 2 to 3")
                .hasMessageContaining("version=1");
        assertThatThrownBy(() -> ImageDelta.between(one, two).applyTo(MetadataImage.empty("another")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another");
        assertThatThrownBy(() -> ImageDelta.between(two, one)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseATopicWhoseOtherPartitionsAreNotThere() {
        MetadataImage without = imageAfter(broker(1), broker(2), broker(3), broker(1, "other_dir", ""));
        MetadataImage with = imageAfter(broker(1), broker(2), broker(3), topic("orders", 4, 3));
        PartitionId led = with.topic("orders").orElseThrow().partitionId(2);
        MetadataImage later = imageAfter(with, new ReportLeaders(List.of(new LeaderReport(led, 4, 1, List.of()))));

        assertThatThrownBy(() -> ImageDelta.between(with, later).applyTo(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orders lacks partition 0 before 2");
    }
}
