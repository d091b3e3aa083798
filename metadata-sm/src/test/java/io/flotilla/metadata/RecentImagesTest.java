package io.flotilla.metadata;

import static io.flotilla.metadata.Fixtures.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How far back a replica remembers its images. */
class RecentImagesTest {
    private final RecentImages recent = new RecentImages();

    @Test
    void shouldKeepTheLastFewVersions() {
        for (long version = 1; version <= RecentImages.IMAGES_MAX + 1; version++) {
            recent.add(image(version, List.of()));
        }

        assertThat(recent.at(1)).isEmpty();
        assertThat(recent.at(2).orElseThrow().version()).isEqualTo(2);
        assertThat(recent.at(RecentImages.IMAGES_MAX + 1)).isPresent();
        assertThat(recent.at(RecentImages.IMAGES_MAX + 2)).isEmpty();
    }

    @Test
    void shouldKeepFewerOfLargeImages() {
        int half = (int) RecentImages.TOPICS_MAX / 2;
        List<Topic> topics = IntStream.rangeClosed(0, half)
                .mapToObj(n -> new Topic(new UUID(0, n), "t" + n, 1, Map.of(), List.of()))
                .toList();

        recent.add(image(1, topics));
        recent.add(image(2, topics));

        assertThat(recent.at(1)).isEmpty();
        assertThat(recent.at(2)).isPresent();
    }

    private static MetadataImage image(long version, Collection<Topic> topics) {
        return MetadataImage.of(CLUSTER, version, 0, List.of(), topics);
    }
}
