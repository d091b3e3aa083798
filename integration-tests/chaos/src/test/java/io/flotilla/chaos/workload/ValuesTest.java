package io.flotilla.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.history.Records;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final byte[] KEY = Values.key(3);

    private final Values values = new Values(17);

    @Test
    void shouldRecogniseItsValuesOfAnySize() {
        for (int bytes : new int[] {0, 1, 15, 16, 17, 1_000, 1 << 20}) {
            Records read = read(values.value(5, 77, KEY, bytes, new SplittableRandom(bytes)), KEY);

            assertThat(read.producer(0)).as("%d bytes", bytes).isEqualTo(5);
            assertThat(read.sequence(0)).isEqualTo(77);
        }
    }

    @Test
    void shouldCallAnyOtherBytesForeign() {
        byte[] value = values.value(5, 77, KEY, 100, new SplittableRandom(1));
        for (int i = 0; i < value.length; i++) {
            byte[] damaged = value.clone();
            damaged[i] ^= 1;
            assertThat(read(damaged, KEY).producer(0)).as("byte %d", i).isEqualTo(Records.FOREIGN);
        }
        assertThat(read(new byte[0], KEY).producer(0)).isEqualTo(Records.FOREIGN);
        assertThat(read(null, KEY).producer(0)).isEqualTo(Records.FOREIGN);
        assertThat(read(value, null).producer(0)).isEqualTo(Records.FOREIGN);
    }

    @Test
    void shouldCallAValueUnderAnotherKeyForeign() {
        byte[] value = values.value(5, 77, KEY, 100, new SplittableRandom(1));

        assertThat(read(value, Values.key(4)).producer(0)).isEqualTo(Records.FOREIGN);
    }

    @Test
    void shouldCallAValueOfAnotherRunForeign() {
        byte[] value = new Values(18).value(5, 77, KEY, 100, new SplittableRandom(1));

        assertThat(read(value, KEY).producer(0)).isEqualTo(Records.FOREIGN);
    }

    private Records read(byte @Nullable [] value, byte @Nullable [] key) {
        Records records = new Records();
        values.add(records, 0, 0, key, value);
        return records;
    }
}
