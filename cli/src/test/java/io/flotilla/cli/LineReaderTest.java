package io.flotilla.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final int LINE_BYTES_MAX = 200_000;

    @Test
    void shouldKeepEmptyLinesAndALastLineWithoutLineFeed() throws IOException {
        assertThat(lines("a\n\n b\r\nc".getBytes(UTF_8))).containsExactly("a", "", " b\r", "c");
    }

    @Test
    void shouldFindNoLineInNothing() throws IOException {
        assertThat(lines(new byte[0])).isEmpty();
        assertThat(lines(new byte[] {'\n'})).containsExactly("");
    }

    @Test
    void shouldRefuseALineBeyondTheLimit() throws IOException {
        var reader = new LineReader(new ByteArrayInputStream("abc\nabcd\n".getBytes(UTF_8)), 3);

        assertThat(reader.next()).isEqualTo("abc".getBytes(UTF_8));
        assertThatThrownBy(reader::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 2 is longer than 3 bytes");
    }

    @Test
    void linesJoinedAgainAreTheInput() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        var input = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            byte[] line = new byte[random.nextInt(5) == 0 ? random.nextInt(150_000) : random.nextInt(100)];
            random.nextBytes(line);
            input.write(line);
            input.write('\n');
        }

        var reader = new LineReader(new ByteArrayInputStream(input.toByteArray()), Integer.MAX_VALUE);
        var joined = new ByteArrayOutputStream();
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            joined.write(line);
            joined.write('\n');
        }

        assertThat(joined.toByteArray()).as("seed %d", seed).isEqualTo(input.toByteArray());
    }

    private static List<String> lines(byte[] input) throws IOException {
        var reader = new LineReader(new ByteArrayInputStream(input), LINE_BYTES_MAX);
        List<String> lines = new ArrayList<>();
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            lines.add(new String(line, UTF_8));
        }
        return lines;
    }
}
