package io.flotilla.chaos.backend.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.journal.Cleanup;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbandonedNetnsTest {
    private static final String ARMED = "armed";

    @Test
    void shouldCleanUpAfterAHarnessThatWasKilled(@TempDir Path directory) throws Exception {
        assumeThat(NetnsBackend.obstacle()).isEmpty();
        Process harness = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dflotilla.broker.jvm.flags=-XX:TieredStopAtLevel=1",
                        Harness.class.getName(),
                        directory.toString())
                .redirectError(new File("/dev/null"))
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(harness.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().anyMatch(ARMED::equals)).isTrue();
        } finally {
            harness.destroyForcibly().waitFor();
        }
        assertThat(namesWith(harness.pid())).isNotEmpty();
        assertThat(mountsBelow(directory)).isNotEmpty();

        List<String> report = Cleanup.run(directory);

        assertThat(report).anyMatch(line -> line.startsWith("killed: process"));
        assertThat(namesWith(harness.pid())).isEmpty();
        assertThat(mountsBelow(directory)).isEmpty();
        assertThat(directory.resolve("disk-1.image")).doesNotExist();
        assertThat(Cleanup.run(directory)).isEmpty();
    }

    /** Namespaces and links whose names tell that this process has made them. */
    private static List<String> namesWith(long pid) {
        String namespaces = Command.run("", List.of("ip", "netns", "list"));
        String links = Command.run("", List.of("ip", "-o", "link", "list"));
        return (namespaces + links)
                .lines()
                .filter(line -> line.contains("flotilla-" + pid + "-") || line.contains("fl" + pid))
                .toList();
    }

    private static List<String> mountsBelow(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/mounts")).stream()
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    /** What is killed while a fault is armed. */
    static final class Harness {
        private Harness() {}

        public static void main(String[] arguments) throws Exception {
            var settings = new NetnsSettings(1, Path.of(arguments[0]), 128, Map.of(), List.of());
            NetnsBackend.open(settings)
                    .fault(new FaultSpec(FaultId.PAUSE, Target.of(Target.Role.ALL), new TreeMap<>()), 1)
                    .arm();
            System.out.println(ARMED);
            Thread.currentThread().join();
        }
    }
}
