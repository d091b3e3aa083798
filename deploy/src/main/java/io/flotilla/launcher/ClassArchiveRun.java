package io.flotilla.launcher;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Does once, in one process, what brokers and commands do when they start, so that a JVM run with
 * {@code -XX:ArchiveClassesAtExit} keeps every class of it. With the archive a process starts in half the time; without
 * it everything works the same. {@code deploy/flotilla} makes it after a build.
 */
public final class ClassArchiveRun {
    private final Path folder;
    private final String bootstrap;

    private ClassArchiveRun(Path folder, String bootstrap) {
        this.folder = folder;
        this.bootstrap = bootstrap;
    }

    /**
     * @param arguments one: an empty folder for the cluster's data
     * @throws IOException           if the cluster cannot start
     * @throws IllegalStateException if a command fails
     */
    public static void main(String[] arguments) throws IOException {
        System.setProperty(LogSetup.DEFAULT_LEVEL_PROPERTY, "error");
        Path folder = Path.of(arguments[0]);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder.resolve("data"), 0))) {
            new ClassArchiveRun(folder, cluster.bootstrap()).useEverything();
        }
    }

    private void useEverything() throws IOException {
        run("", "topic", "create", "rehearsal", "--partitions", "2");
        run("one\ntwo\n", "produce", "rehearsal");
        Path lines = folder.resolve("lines");
        Files.writeString(lines, "three\nfour\n", StandardCharsets.UTF_8);
        run("", "produce", "rehearsal", "--file", lines.toString(), "--compression", "lz4");
        run("", "consume", "rehearsal", "--until", "end");
        run("", "topic", "list");
        run("", "topic", "show", "rehearsal", "-o", "json");
        run("", "cluster", "show");
        run("", "topic", "delete", "rehearsal", "--yes");
    }

    private void run(String input, String... words) {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        List<String> line = new ArrayList<>(List.of(words));
        line.add("--bootstrap");
        line.add(bootstrap);
        int exitCode = Flotilla.commandLine(new Terminal(in, out, out)).execute(line.toArray(String[]::new));
        if (exitCode != 0) {
            throw new IllegalStateException("flotilla " + String.join(" ", line) + " ended with " + exitCode + ": "
                    + printed.toString(StandardCharsets.UTF_8));
        }
    }
}
