package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.FeatureLevels;
import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.ImageDelta;
import io.flotilla.metadata.MetadataCommand.AllocateProducerIds;
import io.flotilla.metadata.MetadataCommand.RaiseFeatureLevel;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.protocol.error.ErrorCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** At which feature level a cluster begins, whom it takes then, and how it goes up. */
class FeatureRulesTest {
    private static RegisterBroker speaking(int id, int min, int max) {
        RegisterBroker broker = broker(id);
        return new RegisterBroker(
                id,
                broker.directoryId(),
                broker.grpc(),
                broker.raft(),
                broker.rack(),
                broker.proposedAtMillis(),
                0,
                new FeatureLevels(min, max));
    }

    @Test
    void shouldBeginAtTheNewestLevelThatTheFirstBrokerSpeaks() {
        assertThat(imageAfter(speaking(1, 1, 3)).featureLevel()).isEqualTo(3);
        assertThat(imageAfter(speaking(1, 1, 3), speaking(2, 2, 4)).featureLevel())
                .isEqualTo(3);
    }

    @Test
    void shouldStayAtTheFirstLevelWithBrokersThatTellNone() {
        assertThat(imageAfter(broker(1), speaking(2, 1, 3)).featureLevel()).isEqualTo(1);
    }

    @Test
    void shouldLeaveAnOldClusterWhereItIsThoughItsBrokersAreGone() {
        MetadataImage old = imageAfter(new AllocateProducerIds(1));

        assertThat(imageAfter(old, speaking(1, 1, 3)).featureLevel()).isEqualTo(1);
    }

    @Test
    void shouldRefuseABrokerThatCannotSpeakTheClustersLevel() {
        MetadataImage image = imageAfter(speaking(1, 1, 3));

        Outcome.Rejected older = rejected(image, speaking(2, 1, 2));
        Outcome.Rejected newer = rejected(image, speaking(2, 4, 5));

        assertThat(older.code()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(older.message()).contains("feature level 1 to 2", "level 3", "newer release");
        assertThat(newer.message()).contains("feature level 4 to 5", "level 3", "cluster upgrade");
    }

    @Test
    void shouldRefuseTheSameBrokerWithAReleaseThatIsTooOld() {
        MetadataImage image = imageAfter(speaking(1, 1, 3));

        assertThat(rejected(image, broker(1)).message()).contains("broker 1 speaks feature level 1 and");
    }

    @Test
    void shouldGoUpOnceEveryBrokerSpeaksTheLevel() {
        MetadataImage image = imageAfter(broker(1), broker(2));

        Outcome.Rejected tooEarly = rejected(imageAfter(image, speaking(1, 1, 2)), new RaiseFeatureLevel(2));
        MetadataImage ready = imageAfter(image, speaking(1, 1, 2), speaking(2, 1, 3));
        MetadataImage raised = imageAfter(ready, new RaiseFeatureLevel(2));

        assertThat(tooEarly.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(tooEarly.message()).contains("broker 2 (level 1)").doesNotContain("broker 1");
        assertThat(raised.featureLevel()).isEqualTo(2);
        assertThat(raised.version()).isEqualTo(ready.version() + 1);
        assertThat(raised.brokers()).isEqualTo(ready.brokers());
    }

    @Test
    void shouldNeverGoDownAndTakeTheSameLevelAgain() {
        MetadataImage image = imageAfter(speaking(1, 1, 3));

        assertThat(rejected(image, new RaiseFeatureLevel(2)).message()).contains("level 3", "cannot go back to 2");
        Applied again = Fixtures.accepted(Transition.apply(image, new RaiseFeatureLevel(3)));
        assertThat(again.image()).isSameAs(image);
        assertThat(again.outcome()).isEqualTo(new Outcome.Accepted(1, new Result.FeatureLevelRaised(3)));
    }

    @Test
    void shouldCarryLevelsInEveryForm() throws IOException {
        MetadataImage image = imageAfter(speaking(1, 2, 3));
        MetadataImage raised = imageAfter(imageAfter(image, speaking(1, 3, 4)), new RaiseFeatureLevel(4));

        assertThat(ImageFormat.decode(ImageFormat.encode(raised))).isEqualTo(raised);
        ImageDelta delta = ImageDelta.between(image, raised);
        assertThat(DeltaFormat.decode(DeltaFormat.encode(delta)).applyTo(image)).isEqualTo(raised);
        assertThat(CommandFormat.decode(CommandFormat.encode(new RaiseFeatureLevel(4))))
                .isEqualTo(new RaiseFeatureLevel(4));
        assertThat(CommandFormat.decode(CommandFormat.encode(speaking(1, 3, 4))))
                .isEqualTo(speaking(1, 3, 4));
    }
}
