package io.flotilla.raftlog.raft.ratis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of Ratis's log, as its name tells.
 *
 * @param first index of its first entry
 * @param last  index of its last entry, -1 while the file is open
 */
record LogFile(Path path, long first, long last) {
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
    private static final long NOT_CLOSED = -1;

    boolean isOpen() {
        return last == NOT_CLOSED;
    }

    /** The log's files in their order. */
    static List<LogFile> in(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(LogFile::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(LogFile::first))
                    .toList();
        }
    }

    private static Optional<LogFile> of(Path path) {
        String name = path.getFileName().toString();
        Matcher closed = CLOSED.matcher(name);
        if (closed.matches()) {
            return Optional.of(new LogFile(path, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        }
        Matcher open = OPEN.matcher(name);
        return open.matches()
                ? Optional.of(new LogFile(path, Long.parseLong(open.group(1)), NOT_CLOSED))
                : Optional.empty();
    }
}
