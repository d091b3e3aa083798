package io.flotilla.chaos.fault.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.SystemCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanupTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    @Test
    void shouldUndoWhatAKilledHarnessHasLeft() throws Exception {
        Process harness = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingHarness.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long stopped;
        ProcessIdentity recorded;
        try (var answers =
                new BufferedReader(new InputStreamReader(harness.getInputStream(), StandardCharsets.UTF_8))) {
            String line = Objects.requireNonNull(answers.readLine(), "the harness said nothing");
            stopped = Long.parseLong(line.substring("stopped ".length()));
            recorded = ProcessIdentity.parse(Files.readString(directory.resolve("recorded")));

            assertThat(recorded.isAlive()).isTrue();
            assertThatThrownBy(() -> Cleanup.run(directory))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("pid " + harness.pid());
        } finally {
            harness.destroyForcibly().waitFor();
        }
        try {
            Awaiting.until(TIMEOUT, "a stopped process", () -> state(stopped) == 'T', () -> "state " + state(stopped));

            List<String> report = Cleanup.run(directory);

            assertThat(recorded.isAlive()).isFalse();
            Awaiting.until(
                    TIMEOUT, "a process that goes on", () -> state(stopped) == 'S', () -> "state " + state(stopped));
            assertThat(directory.resolve("control")).doesNotExist();
            assertThat(directory.resolve("folder")).doesNotExist();
            assertThat(report)
                    .containsExactly(
                            "killed: process " + recorded.pid(),
                            "undone: folder " + directory.resolve("folder"),
                            "deleted: " + directory.resolve("control"),
                            "resumed: process " + stopped);
            assertThat(Cleanup.run(directory)).isEmpty();
        } finally {
            SystemCommand.run("kill", "-KILL", Long.toString(stopped));
        }
    }

    private static char state(long pid) {
        return ProcessIdentity.state(pid).orElse('-');
    }

    @Test
    void shouldLeaveAProcessAloneThatHasOnlyTheNumberOfTheOneMeant() throws IOException {
        ProcessIdentity own = ProcessIdentity.own();
        try (Journal journal = Journal.open(directory)) {
            journal.add(Journal.PROCESS, new ProcessIdentity(own.pid(), own.startTicks() - 1));
            journal.add(Journal.STOPPED, new ProcessIdentity(own.pid(), own.startTicks() - 1));
        }

        assertThat(Cleanup.run(directory)).isEmpty();
    }

    @Test
    void shouldIgnoreALineThatWasNotWrittenToItsEnd() throws IOException {
        try (Journal journal = Journal.open(directory)) {
            journal.done(journal.add(Journal.CONTROL_FILE, List.of("gone"), List.of()));
        }
        Files.writeString(directory.resolve(Journal.FILE), "{\"number\":9,\"kind\":\"fold", StandardOpenOption.APPEND);

        assertThat(Cleanup.run(directory)).isEmpty();
    }

    @Test
    void shouldReportWhatCannotBeUndoneAndGoOn() throws IOException {
        Path file = Files.createFile(directory.resolve("control"));
        try (Journal journal = Journal.open(directory)) {
            journal.add(Journal.CONTROL_FILE, List.of(file.toString()), List.of());
            journal.add(
                    "folder",
                    List.of("none"),
                    List.of("rmdir", directory.resolve("none").toString()));
        }

        assertThat(Cleanup.run(directory)).hasSize(2).first().asString().startsWith("not undone: folder none");
        assertThat(file).doesNotExist();
    }
}
