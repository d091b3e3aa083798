package io.flotilla.chaos.fault.journal;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Undoes what a killed harness has left behind, by its journal: first processes, which may use the rest, then all else,
 * the newest first. A process is touched only if it has both the id and the start that were written down.
 */
public final class Cleanup {
    private static final Gson JSON = new Gson();
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final Journal journal;
    private final List<String> report = new ArrayList<>();

    private Cleanup(Journal journal) {
        this.journal = journal;
    }

    /**
     * Cleans up after the run of this folder. May be called again, and does nothing where nothing is left.
     *
     * @return what was undone, and what could not be, in words
     * @throws IOException    if the journal cannot be read or written
     * @throws FaultException while the harness of the run lives
     */
    public static List<String> run(Path directory) throws IOException {
        Path file = directory.resolve(Journal.FILE);
        List<JournalEntry> left = entries(file);
        for (JournalEntry entry : left) {
            if (entry.kind().equals(Journal.HARNESS) && isOther(process(entry))) {
                throw new FaultException("the harness of " + directory + " runs (pid "
                        + process(entry).pid() + "); end it, or wait for its end");
            }
        }
        if (left.stream().allMatch(entry -> entry.kind().equals(Journal.HARNESS))) {
            return List.of();
        }
        try (Journal journal = Journal.open(directory)) {
            var cleanup = new Cleanup(journal);
            left.stream()
                    .sorted(Comparator.comparing((JournalEntry entry) -> !isProcess(entry))
                            .thenComparing(JournalEntry::number, Comparator.reverseOrder()))
                    .forEach(cleanup::undo);
            return List.copyOf(cleanup.report);
        }
    }

    private static boolean isOther(ProcessIdentity harness) {
        return harness.isAlive() && !harness.equals(ProcessIdentity.own());
    }

    private static boolean isProcess(JournalEntry entry) {
        return entry.kind().equals(Journal.PROCESS) || entry.kind().equals(Journal.PROCESS_FILE);
    }

    /**
     * What is not struck out, in the order in which it was written; nothing if there is no such file. A last line that was
     * written in part announces nothing that was done.
     */
    static List<JournalEntry> entries(Path file) throws IOException {
        SortedMap<Long, JournalEntry> open = new TreeMap<>();
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n') + 1;
        for (String line : text.substring(0, end).lines().toList()) {
            try {
                JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                if (json.has("done")) {
                    open.remove(json.get("done").getAsLong());
                } else {
                    JournalEntry entry = JSON.fromJson(json, JournalEntry.class);
                    open.put(entry.number(), entry);
                }
            } catch (JsonParseException | IllegalStateException malformed) {
                throw new IOException(file + " has the line '" + line + "'; undo by hand what it is about", malformed);
            }
        }
        return List.copyOf(open.values());
    }

    private void undo(JournalEntry entry) {
        try {
            switch (entry.kind()) {
                case Journal.HARNESS -> {
                    // It is gone, and leaves nothing of its own.
                }
                case Journal.PROCESS -> kill(process(entry));
                case Journal.PROCESS_FILE -> recorded(entry).ifPresent(this::kill);
                case Journal.STOPPED -> resume(process(entry));
                case Journal.CONTROL_FILE -> delete(Path.of(entry.arguments().get(0)));
                default -> {
                    SystemCommand.run(entry.undo().toArray(String[]::new));
                    report.add("undone: " + entry);
                }
            }
        } catch (IOException | RuntimeException failure) {
            // A command fails where there is nothing (any more) to undo, too.
            report.add("not undone: " + entry + ": " + failure.getMessage());
        }
        journal.done(entry.number());
    }

    private static ProcessIdentity process(JournalEntry entry) {
        return new ProcessIdentity(
                Long.parseLong(entry.arguments().get(0)),
                Long.parseLong(entry.arguments().get(1)));
    }

    private static Optional<ProcessIdentity> recorded(JournalEntry entry) throws IOException {
        Path file = Path.of(entry.arguments().get(0));
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String stat = Files.readString(file).strip();
        return stat.isEmpty() ? Optional.empty() : Optional.of(ProcessIdentity.parse(stat));
    }

    private void kill(ProcessIdentity process) {
        if (!process.isAlive()) {
            return;
        }
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        Awaiting.until(END_TIMEOUT, "process " + process.pid() + " to end", () -> !process.isAlive(), () -> "it runs");
        report.add("killed: process " + process.pid());
    }

    private void resume(ProcessIdentity process) throws IOException {
        if (process.isAlive()
                && ProcessIdentity.state(process.pid())
                        .filter(state -> state == 'T')
                        .isPresent()) {
            SystemCommand.run("kill", "-CONT", Long.toString(process.pid()));
            report.add("resumed: process " + process.pid());
        }
    }

    private void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            report.add("deleted: " + file);
        }
    }
}
