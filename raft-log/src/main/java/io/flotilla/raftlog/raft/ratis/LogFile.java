package io.flotilla.raftlog.raft.ratis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * @param bytes its size
 */
record LogFile(Path path, long first, long last, long bytes) {
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
    private static final long NOT_CLOSED = -1;

    boolean isOpen() {
        return last == NOT_CLOSED;
    }

    /** The log's files in their order. */
    static List<LogFile> in(Path folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(folder)) {
            entries = listed.toList();
        }
        List<LogFile> files = new ArrayList<>();
        for (Path entry : entries) {
            of(entry).ifPresent(files::add);
        }
        files.sort(Comparator.comparingLong(LogFile::first));
        return List.copyOf(files);
    }

    /** Empty for other files, and for one that was renamed or deleted meanwhile. */
    private static Optional<LogFile> of(Path path) throws IOException {
        String name = path.getFileName().toString();
        Matcher closed = CLOSED.matcher(name);
        Matcher open = OPEN.matcher(name);
        try {
            if (closed.matches()) {
                long first = Long.parseLong(closed.group(1));
                long last = Long.parseLong(closed.group(2));
                return Optional.of(new LogFile(path, first, last, Files.size(path)));
            }
            return open.matches()
                    ? Optional.of(new LogFile(path, Long.parseLong(open.group(1)), NOT_CLOSED, Files.size(path)))
                    : Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
