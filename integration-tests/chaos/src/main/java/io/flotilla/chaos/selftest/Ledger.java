package io.flotilla.chaos.selftest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The trials of a selftest that are done, in a file {@value #FILE} that is only ever appended to. A selftest that was ended
 * goes on behind it; a last line that was cut counts as none.
 *
 * <p>Threading: confined.
 */
final class Ledger {
    static final String FILE = "selftest.jsonl";

    private final Path file;
    private final List<Trial> trials;

    private Ledger(Path file, List<Trial> trials) {
        this.file = file;
        this.trials = trials;
    }

    /** Opens the ledger in a folder, which is made if it is not there. */
    static Ledger open(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        Files.createDirectories(directory);
        List<Trial> trials = new ArrayList<>();
        if (Files.exists(file)) {
            String content = Files.readString(file);
            String whole = content.substring(0, content.lastIndexOf('\n') + 1);
            whole.lines().map(Trial::parse).forEach(trials::add);
            if (whole.length() < content.length()) {
                Files.writeString(file, whole);
            }
        }
        return new Ledger(file, trials);
    }

    /** All so far, in the order in which they were done. */
    List<Trial> trials() {
        return List.copyOf(trials);
    }

    /** Whether a trial was done; one that broke off is done again. */
    boolean has(String name) {
        return trials.stream()
                .anyMatch(trial -> trial.name().equals(name) && trial.problem().isEmpty());
    }

    void add(Trial trial) throws IOException {
        Files.writeString(file, trial.toJson() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        trials.add(trial);
    }
}
