package io.flotilla.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FlotillaTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandLine root = Flotilla.commandLine(new Terminal(
            InputStream.nullInputStream(), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)));

    @Test
    void shouldGatherTheCommandsOfAllModules() {
        assertThat(verbs()).contains("topic create", "produce", "consume", "broker show", "broker start", "dev");
    }

    @Test
    void shouldExplainEveryCommand() {
        for (String verb : verbs()) {
            out.reset();

            assertThat(root.execute((verb + " --help").split(" "))).isZero();
            assertThat(out.toString(UTF_8)).contains("Usage: flotilla " + verb);
        }
    }

    @Test
    void shouldDocumentEveryCommandAndExitCode() throws IOException {
        String page = Files.readString(Path.of("docs", "cli.md"));

        for (String verb : verbs()) {
            assertThat(page).contains("`" + verb);
        }
        for (ExitCode code : ExitCode.values()) {
            assertThat(page).contains("| " + code.number() + " | " + code.meaning() + " |");
        }
    }

    @Test
    void shouldTellItsVersion() {
        assertThat(root.execute("--version")).isZero();
        assertThat(out.toString(UTF_8))
                .startsWith("flotilla ")
                .contains("Java " + Runtime.version().feature());
    }

    @Test
    void shouldAskForACommand() {
        assertThat(root.execute()).isEqualTo(2);
        assertThat(err.toString(UTF_8)).hasLineCount(3);
    }

    @Test
    void shouldRefuseToChangeTheNumberOfBrokersOfAFolder(@TempDir Path data) throws IOException {
        DevFolder.open(data).rememberBrokers(3);

        int exitCode = root.execute("dev", "--data", data.toString(), "--brokers", "1");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("has 3; choose another --data folder");
    }

    private List<String> verbs() {
        List<String> verbs = new ArrayList<>();
        collect(root, "", verbs);
        return verbs;
    }

    private static void collect(CommandLine command, String path, List<String> verbs) {
        if (command.getSubcommands().isEmpty()) {
            verbs.add(path.strip());
        }
        command.getSubcommands().forEach((name, subcommand) -> collect(subcommand, path + " " + name, verbs));
    }
}
