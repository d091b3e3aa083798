package io.flotilla.chaos.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Reads a history: all files of a folder, merged by time, in memory that does not grow with them. Lines of one file that
 * carry the same time keep their order; of several files, the file whose name sorts first comes first.
 */
public final class HistoryReader {
    /** Of the names of a history's files. */
    public static final String SUFFIX = ".jsonl";

    private HistoryReader() {}

    /**
     * Passes every event to the consumer.
     *
     * @return how whole the history is: judge nothing {@code VALID} that is not
     * @throws HistoryException     if there is no history, or a line is none, and which
     * @throws UncheckedIOException if a file cannot be read
     */
    public static HistorySummary read(Path directory, Consumer<Event> consumer) {
        var sources = new ArrayList<Source>();
        try {
            try {
                List<Path> files = filesOf(directory);
                for (int i = 0; i < files.size(); i++) {
                    sources.add(new Source(i, HistoryFile.open(files.get(i))));
                }
                merge(sources, consumer);
                return summaryOf(sources);
            } finally {
                for (Source source : sources) {
                    source.file.close();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the history in " + directory, failure);
        }
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new HistoryException(directory + " is no folder: name the folder of a run's history");
        }
        try (var entries = Files.list(directory)) {
            List<Path> files = entries.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
            if (files.isEmpty()) {
                throw new HistoryException(directory + " has no file *" + SUFFIX + ": there is no history in it");
            }
            return files;
        }
    }

    private static void merge(List<Source> sources, Consumer<Event> consumer) throws IOException {
        var queue = new PriorityQueue<Source>();
        for (Source source : sources) {
            if (source.advance()) {
                queue.add(source);
            }
        }
        while (!queue.isEmpty()) {
            Source first = queue.poll();
            Source second = queue.peek();
            boolean more;
            do { // a run of lines of one file costs no heap
                consumer.accept(first.event());
                more = first.advance();
            } while (more && (second == null || first.compareTo(second) <= 0));
            if (more) {
                queue.add(first);
            }
        }
    }

    private static HistorySummary summaryOf(List<Source> sources) {
        long lines = 0;
        long behind = 0;
        var cut = new ArrayList<String>();
        for (Source source : sources) {
            lines += source.file.lines();
            behind += source.file.behind();
            String where = source.file.cut();
            if (where != null) {
                cut.add(where);
            }
        }
        return new HistorySummary(lines, cut, behind);
    }

    /** A file and its next event. */
    private static final class Source implements Comparable<Source> {
        private final int rank;
        private final HistoryFile file;
        private Event event = new Event.PhaseBegan(0, "");

        private Source(int rank, HistoryFile file) {
            this.rank = rank;
            this.file = file;
        }

        private boolean advance() throws IOException {
            Event next = file.next();
            if (next == null) {
                return false;
            }
            event = next;
            return true;
        }

        private Event event() {
            return event;
        }

        @Override
        public int compareTo(Source other) {
            int byTime = Long.compare(event.nanos(), other.event.nanos());
            return byTime != 0 ? byTime : Integer.compare(rank, other.rank);
        }
    }
}
