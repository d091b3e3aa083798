package io.flotilla.metadata.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.ImageDelta;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import java.io.IOException;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A broker that is led on by deltas has the image of the one that applied the commands, whatever these were. */
class DeltaPropertyTest {
    private static final int COMMANDS = 400;

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 10), LongStream.of(new Random().nextLong()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldLeadFromEachImageExactlyToALaterOne(long seed) throws IOException {
        Random random = new Random(seed);
        MetadataImage image = MetadataImage.empty(Fixtures.CLUSTER);
        MetadataImage followed = image;
        MetadataImage sent = image;
        for (int n = 0; n < COMMANDS; n++) {
            MetadataImage before = image;
            image = Transition.apply(
                            before,
                            random.nextBoolean()
                                    ? ControlPropertyTest.command(random)
                                    : TransitionPropertyTest.command(random))
                    .image();
            assertThat(ImageDelta.between(before, image).applyTo(before)).isEqualTo(image);
            if (random.nextInt(4) == 0) { // else the follower is slow, and gets several versions as one
                ImageDelta delta = ImageDelta.between(sent, image);
                ImageDelta received = DeltaFormat.decode(DeltaFormat.encode(delta));
                assertThat(received).isEqualTo(delta);
                followed = received.applyTo(followed);
                sent = image;
                assertThat(followed).isEqualTo(image);
                assertThat(ImageFormat.fingerprint(followed)).isEqualTo(ImageFormat.fingerprint(image));
                assertFindsTopicsById(followed);
            }
        }
        assertThat(image.version()).isGreaterThan(COMMANDS / 10);
    }

    private static void assertFindsTopicsById(MetadataImage followed) {
        followed.topics().values().forEach(topic -> assertThat(followed.topic(topic.id()))
                .contains(topic));
    }
}
