package io.flotilla.cluster.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ContentDigestTest {
    @Test
    void shouldTellAbsentFromEmptyAndKeyFromValue() {
        byte[] empty = new byte[0];
        byte[] text = "text".getBytes(StandardCharsets.UTF_8);

        assertThat(new Long[] {
                    ContentDigest.of(null, null),
                    ContentDigest.of(null, empty),
                    ContentDigest.of(empty, null),
                    ContentDigest.of(empty, empty),
                    ContentDigest.of(text, empty),
                    ContentDigest.of(empty, text),
                    ContentDigest.of(text, null)
                })
                .doesNotHaveDuplicates();
        assertThat(ContentDigest.of(text, text)).isEqualTo(ContentDigest.of(text.clone(), text.clone()));
    }
}
