package io.flotilla.broker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.broker.internal.v1.FollowMetadataRequest;
import io.flotilla.broker.internal.v1.FollowMetadataResponse;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.BrokerStatus;
import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.FeatureLevels;
import io.flotilla.metadata.ImageDelta;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Both ends of a stream of metadata, without a network between them. */
class FollowerNewsTest {
    private static final Quorum QUORUM = new Quorum(Optional.of(1), List.of(1, 2, 3));
    private static final Quorum LEADERLESS = new Quorum(Optional.empty(), List.of(1, 2, 3));

    /** Version n at index n: n brokers. */
    private final List<MetadataImage> images = images("cluster");

    private final Follower follower = new Follower();

    private static List<MetadataImage> images(String rack) {
        List<MetadataImage> images = new ArrayList<>(List.of(MetadataImage.empty("cluster")));
        Endpoint address = new Endpoint("host", 1);
        for (int id = 1; id <= 9; id++) {
            images.add(images.get(id - 1)
                    .with(new BrokerRegistration(
                            id, "d", address, address, rack, 0, 0, FeatureLevels.SUPPORTED, BrokerStatus.IN_SERVICE)));
        }
        return images;
    }

    private FollowerNews news(FollowMetadataRequest request) {
        return new FollowerNews(request, version -> Optional.of(images.get((int) version)));
    }

    private static FollowMetadataRequest knowing(MetadataImage image) {
        return FollowMetadataRequest.newBuilder()
                .setKnownVersion(image.version())
                .setKnownFingerprint(ImageFormat.fingerprint(image))
                .build();
    }

    @Test
    void shouldBeginWithAWholeImageAndGoOnWithWhatChanged() {
        FollowerNews news = news(FollowMetadataRequest.getDefaultInstance());
        MetadataReader reader = follower.reading(0, Optional.empty());

        FollowMetadataResponse first = news.next(images.get(2), QUORUM).orElseThrow();
        FollowMetadataResponse second = news.next(images.get(3), QUORUM).orElseThrow();
        FollowMetadataResponse slow = news.next(images.get(8), QUORUM).orElseThrow();

        assertThat(first.getImage()).isNotEmpty();
        assertThat(List.of(second, slow))
                .allSatisfy(response -> assertThat(response.getImage()).isEmpty());
        List.of(first, second, slow).forEach(reader::onNext);
        assertThat(follower.images).containsExactly(images.get(2), images.get(3), images.get(8));
    }

    @Test
    void shouldSayNothingWithoutNewsAndNoImageIfOnlyTheGroupChanged() {
        FollowerNews news = news(FollowMetadataRequest.getDefaultInstance());
        MetadataReader reader = follower.reading(0, Optional.empty());
        reader.onNext(news.next(images.get(2), QUORUM).orElseThrow());

        assertThat(news.next(images.get(2), QUORUM)).isEmpty();
        FollowMetadataResponse leaderless = news.next(images.get(2), LEADERLESS).orElseThrow();

        assertThat(leaderless.getImage()).isEmpty();
        assertThat(leaderless.getDelta()).isEmpty();
        reader.onNext(leaderless);
        assertThat(follower.images).containsExactly(images.get(2));
        assertThat(follower.quorum).isEqualTo(LEADERLESS);
    }

    @Test
    void shouldLeadAFollowerOnFromTheImageItHas() {
        MetadataReader reader = follower.reading(4, Optional.of(images.get(4)));

        FollowMetadataResponse response =
                news(knowing(images.get(4))).next(images.get(9), QUORUM).orElseThrow();

        assertThat(response.getImage()).isEmpty();
        reader.onNext(response);
        assertThat(follower.images).containsExactly(images.get(9));
    }

    @Test
    void shouldSendAWholeImageInPlaceOfOneThatIsForgottenOrOfAnotherHistory() {
        FollowerNews forgotten = new FollowerNews(knowing(images.get(4)), version -> Optional.empty());
        MetadataImage other = images("other rack").get(4);

        assertThat(forgotten.next(images.get(9), QUORUM).orElseThrow().getImage())
                .isNotEmpty();
        FollowMetadataResponse corrected =
                news(knowing(other)).next(images.get(4), QUORUM).orElseThrow();
        follower.reading(4, Optional.of(other)).onNext(corrected);
        assertThat(follower.images).containsExactly(images.get(4));
    }

    @Test
    void shouldWaitUntilTheVoterHasWhatItsFollowerHas() {
        FollowerNews news = news(knowing(images.get(6)));
        MetadataReader reader = follower.reading(6, Optional.of(images.get(6)));

        reader.onNext(news.next(images.get(5), QUORUM).orElseThrow());
        assertThat(news.isBehind(images.get(5))).isTrue();
        assertThat(follower.quorum).isEqualTo(QUORUM);
        assertThat(follower.images).isEmpty();

        assertThat(news.next(images.get(6), QUORUM)).isEmpty();
        reader.onNext(news.next(images.get(7), QUORUM).orElseThrow());
        assertThat(follower.images).containsExactly(images.get(7));
    }

    @Test
    void shouldEndLoudlyOnADeltaFromAnotherVersion() {
        MetadataReader reader = follower.reading(4, Optional.of(images.get(4)));

        reader.onNext(delta(images.get(5), images.get(6)));
        reader.onNext(delta(images.get(4), images.get(6)));
        reader.onCompleted();

        assertThat(follower.images).isEmpty();
        assertThat(follower.events)
                .hasSize(3)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("out of step with 7")
                                .contains("from version 5 to 6")
                                .contains("version=4"),
                        second -> assertThat(second).startsWith("ended with 7"),
                        third -> assertThat(third).isEqualTo("stopped"));
    }

    @Test
    void shouldEndLoudlyOnADeltaWhereItNeedsAWholeImageAndOnAnOlderImage() {
        follower.reading(4, Optional.empty()).onNext(delta(images.get(4), images.get(6)));
        follower.reading(4, Optional.empty())
                .onNext(FollowMetadataResponse.newBuilder()
                        .setImage(ByteString.copyFrom(ImageFormat.encode(images.get(3))))
                        .build());

        assertThat(follower.images).isEmpty();
        assertThat(follower.events)
                .anySatisfy(event -> assertThat(event).contains("whole image was asked for"))
                .anySatisfy(event -> assertThat(event).contains("older than version 4"));
    }

    private static FollowMetadataResponse delta(MetadataImage from, MetadataImage to) {
        return FollowMetadataResponse.newBuilder()
                .setDelta(ByteString.copyFrom(DeltaFormat.encode(ImageDelta.between(from, to))))
                .build();
    }

    private static final class Follower implements MetadataFeed {
        final List<MetadataImage> images = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        Quorum quorum = LEADERLESS;

        MetadataReader reading(long version, Optional<MetadataImage> image) {
            return new MetadataReader(7, version, image, this, () -> events.add("stopped"));
        }

        @Override
        public void held(Quorum seen) {
            quorum = seen;
        }

        @Override
        public void received(MetadataImage image) {
            images.add(image);
        }

        @Override
        public void outOfStep(int brokerId, String reason) {
            events.add("out of step with " + brokerId + ": " + reason);
        }

        @Override
        public void ended(int brokerId, String reason) {
            events.add("ended with " + brokerId + ": " + reason);
        }
    }
}
