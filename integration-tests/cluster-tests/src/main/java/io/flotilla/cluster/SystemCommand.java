package io.flotilla.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command of the operating system that ends soon. */
public final class SystemCommand {
    private static final long SECONDS_MAX = 60;

    private SystemCommand() {}

    /**
     * @throws IOException with what the command said, if it is missing, fails or does not end in time
     */
    public static void run(String... command) throws IOException {
        List<String> words = List.of(command);
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(words + " did not end within " + SECONDS_MAX + " s");
            }
            if (process.exitValue() != 0) {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException(words + " failed: " + said.strip());
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + words, interrupted);
        }
    }
}
