package io.flotilla.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileInputTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void shouldKeepEveryByteBetweenLineFeeds() throws IOException {
        byte[] content = {'a', '\r', '\n', '\n', (byte) 0xff, 0, '\n', 'z'};
        Path file = Files.write(folder.resolve("data.bin"), content);

        List<byte[]> lines = new ArrayList<>();
        new FileInput(file).forEach((key, line) -> lines.add(line));

        assertThat(lines)
                .containsExactly(new byte[] {'a', '\r'}, new byte[0], new byte[] {(byte) 0xff, 0}, new byte[] {'z'});
    }

    @Test
    void shouldNotInventALineBehindTheLastLineFeed() throws IOException {
        assertThat(LineInput.count(new FileInput(write("data.txt", "one\ntwo\n"))))
                .isEqualTo(2);
        assertThat(LineInput.count(new FileInput(write("data.txt", "\n")))).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatCannotBeSent() throws IOException {
        assertThatThrownBy(() -> new FileInput(folder.resolve("absent.csv")))
                .isInstanceOf(InputRefused.class)
                .hasMessageContaining("absent.csv");
        assertThatThrownBy(() -> new FileInput(folder))
                .isInstanceOf(InputRefused.class)
                .hasMessageContaining("not a regular file");
        Path empty = write("empty.csv", "");
        assertThatThrownBy(() -> LineInput.count(new FileInput(empty)))
                .isInstanceOf(InputRefused.class)
                .hasMessageContaining("empty.csv is empty");
        Path wide = write("wide.txt", "short\n" + "x".repeat(LineInput.LINE_BYTES_MAX + 1));
        assertThatThrownBy(() -> LineInput.count(new FileInput(wide)))
                .isInstanceOf(InputRefused.class)
                .hasMessageContaining("line 2 of")
                .hasMessageContaining("more than 1000000 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "birds.csv    | DALLAS,T-38A,None             | DALLAS",
                "birds.CSV    | \"DALLAS, TX\",T-38A          | DALLAS, TX",
                "one.csv      | alone                         | alone",
                "quakes.json  | {\"x\":1,\"id\":\"ci3\",\"y\":2} | ci3",
                "quakes.jsonl | {\"id\" : 17}                 | 17",
                "notes.txt    | first second                  | first",
                "notes        | word                          | word"
            })
    void shouldKeyLinesByWhatTheFilesNameSuggests(String name, String line, String expected) {
        byte[] key = KeyRule.forFile(name).keyOf(line.getBytes(StandardCharsets.UTF_8));

        assertThat(new String(key, StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
