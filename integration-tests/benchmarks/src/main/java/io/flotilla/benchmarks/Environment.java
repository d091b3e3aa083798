package io.flotilla.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine, in one line, to stand beside each figure; the load tells whether others used it as well. */
final class Environment {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Environment() {}

    static String line() {
        return "environment: " + cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.runtime.version") + ", brokers and clients on one machine, load before "
                + firstWordOf(LOAD);
    }

    private static String cpu() {
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    private static String firstWordOf(Path file) {
        try {
            return Files.readString(file).split(" ")[0];
        } catch (IOException notLinux) {
            return "unknown";
        }
    }
}
