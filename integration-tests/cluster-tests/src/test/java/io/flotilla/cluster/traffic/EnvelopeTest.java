package io.flotilla.cluster.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.history.ValueId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class EnvelopeTest {
    private static final long RUN = 0x1234_5678_9abc_def0L;
    private static final ValueId ID = new ValueId(7, 1L << 40);
    private static final byte[] PAYLOAD = "some bytes".getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldNameTheValueInside() {
        assertThat(Envelope.idOf(RUN, Envelope.of(RUN, ID, PAYLOAD))).isEqualTo(ID);
        assertThat(Envelope.idOf(RUN, Envelope.of(RUN, ID, new byte[0]))).isEqualTo(ID);
    }

    @Test
    void shouldNotRecogniseAValueOfAnotherRun() {
        assertThat(Envelope.idOf(RUN + 1, Envelope.of(RUN, ID, PAYLOAD))).isEqualTo(ValueId.UNRECOGNISED);
    }

    @Test
    void shouldSeeEveryFlippedBit() {
        byte[] envelope = Envelope.of(RUN, ID, PAYLOAD);
        for (int bit = 0; bit < 8 * envelope.length; bit++) {
            byte[] damaged = envelope.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(Envelope.idOf(RUN, damaged)).as("bit %d", bit).isEqualTo(ValueId.UNRECOGNISED);
        }
    }

    @Test
    void shouldSeeEveryCutAndEveryAddedByte() {
        byte[] envelope = Envelope.of(RUN, ID, PAYLOAD);
        for (int length = 0; length < envelope.length; length++) {
            assertThat(Envelope.idOf(RUN, Arrays.copyOf(envelope, length)))
                    .as("length %d", length)
                    .isEqualTo(ValueId.UNRECOGNISED);
        }
        assertThat(Envelope.idOf(RUN, Arrays.copyOf(envelope, envelope.length + 1)))
                .isEqualTo(ValueId.UNRECOGNISED);
    }
}
