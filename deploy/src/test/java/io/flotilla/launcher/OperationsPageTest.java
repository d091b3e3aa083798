package io.flotilla.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the operators' page tells to type can be typed, and the settings it names exist. */
class OperationsPageTest {
    private static final Pattern COMMAND_LINE = Pattern.compile("(?m)^    flotilla (.+)$");
    private static final Pattern COMMAND_IN_TEXT = Pattern.compile("`flotilla ([^`]+)`");
    private static final Pattern SETTING = Pattern.compile("`([a-z]+(?:\\.[a-z]+)+)`");

    private final String page;

    OperationsPageTest() throws IOException {
        page = Files.readString(Path.of("docs", "operations.md"));
    }

    @Test
    void shouldNameCommandsThatExistWithTheirOptions() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        CommandLine root = Flotilla.commandLine(new Terminal(InputStream.nullInputStream(), nowhere, nowhere));

        List<String> commands = all(COMMAND_LINE);
        commands.forEach(command -> root.parseArgs(command.split(" ")));
        all(COMMAND_IN_TEXT).forEach(command -> root.parseArgs(command.split(" ")));

        assertThat(commands).hasSizeGreaterThan(10);
    }

    @Test
    void shouldNameSettingsThatExist() throws IOException {
        String settings = Files.readString(Path.of("docs", "configuration.md"));

        assertThat(all(SETTING)).isNotEmpty().allSatisfy(setting -> assertThat(settings)
                .contains("| `" + setting + "`"));
    }

    private List<String> all(Pattern pattern) {
        return pattern.matcher(page)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
