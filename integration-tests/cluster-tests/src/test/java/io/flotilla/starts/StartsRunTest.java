package io.flotilla.starts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few rounds of what {@code integration-tests/run sdk} does a hundred times. */
class StartsRunTest {
    private static final int ROUNDS = 5;
    private static final long SECONDS_MAX = 240;

    /** In a JVM of its own: in this one, other tests' clients may still be closing. */
    @Test
    void shouldLeaveNothingBehind(@TempDir Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process suite = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SdkSuite.class.getName(),
                        "--starts",
                        Integer.toString(ROUNDS),
                        "--no-limit")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(suite.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        } finally {
            suite.destroyForcibly();
        }

        assertThat(output)
                .content()
                .contains("VERDICT sdk PASS brokers=3 starts=" + ROUNDS)
                .contains("ports=1/1 folders=0 leaks=0");
    }

    @Test
    void shouldNameWhatIsLeft() {
        ProcessResources before = new ProcessResources(new TreeMap<>(), new TreeMap<>(), 0, 1);
        TreeMap<String, Integer> threads = new TreeMap<>();
        threads.put("broker-#-timer-#", 2);
        ProcessResources after = new ProcessResources(threads, new TreeMap<>(), 3, 1);

        assertThat(after.beyond(before))
                .isEqualTo(List.of("threads 'broker-#-timer-#': 2, before 0", "listening ports: 3, before 0"));
        assertThat(before.beyond(after)).isEmpty();
    }
}
