package io.flotilla.bitrot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files of a broker that fail and heal together, and apart from all others: those of one partition's replica, or of one
 * thing that a broker has once.
 *
 * @param partition whose replica it is; empty for the whole broker's
 * @param roots     folders and files that belong to it
 * @param names     how the broker's log and its quarantine name it
 */
public record Unit(String name, OptionalInt partition, List<Path> roots, List<String> names) {
    private static final List<String> LOCKS = List.of("in_use.lock", "lock", "LOCK");
    /** Of RocksDB: told to people, read by nobody. */
    private static final String DIARY = "LOG";

    private static final String OPEN_SEGMENT = "segment, open";

    /** Its files now, in the order of their names; locks hold nothing. */
    public List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : roots) {
            if (Files.exists(root)) {
                try (Stream<Path> walk = Files.walk(root)) {
                    walk.filter(Unit::isDurable).sorted().forEach(files::add);
                }
            }
        }
        return files;
    }

    /** Whether a line of the log or a path is about this unit, and not about one with a longer number. */
    public boolean isNamedIn(String text) {
        return names.stream().anyMatch(own -> Pattern.compile(Pattern.quote(own) + "(?!\\d)")
                .matcher(text)
                .find());
    }

    private static boolean isDurable(Path file) {
        String name = nameOf(file);
        return Files.isRegularFile(file) && !LOCKS.contains(name) && !name.startsWith(DIARY);
    }

    private static boolean isSegment(String name) {
        return name.matches("\\d{20}\\.log");
    }

    static boolean isOpenSegment(String kind) {
        return kind.endsWith(OPEN_SEGMENT);
    }

    static String nameOf(Path file) {
        return Objects.requireNonNull(file.getFileName()).toString();
    }

    /** What kind of file of this unit it is, for a table; the last segment is the one being written to. */
    public String kindOf(Path file) throws IOException {
        String name = nameOf(file);
        String owner = partition.isPresent() ? "replica " : this.name + " ";
        if (name.startsWith("log_inprogress_")) {
            return owner + "raft log, open";
        }
        if (name.startsWith("log_")) {
            return owner + "raft log, closed";
        }
        if (isSegment(name)) {
            boolean last = files().stream()
                    .map(Unit::nameOf)
                    .noneMatch(other -> isSegment(other) && other.compareTo(name) > 0);
            return owner + (last ? OPEN_SEGMENT : "segment");
        }
        return owner + name.replaceFirst("^(\\d+)\\.", "*.").replaceFirst("-\\d+$", "-*");
    }

    @Override
    public String toString() {
        return name;
    }
}
