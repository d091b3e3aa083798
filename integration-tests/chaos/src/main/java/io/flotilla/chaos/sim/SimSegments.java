package io.flotilla.chaos.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The segments of nodes that have ended: those of one name hold the same bytes, whoever wrote them. */
final class SimSegments {
    private static final String SUFFIX = ".log";

    private SimSegments() {}

    /** Which files differ between nodes; none if all is well. Files that some have deleted after a trim do not. */
    static List<String> differences(List<SimNode> nodes) throws IOException {
        List<String> found = new ArrayList<>();
        SortedMap<String, SimNode> first = new TreeMap<>();
        for (SimNode node : nodes) {
            for (Path file : segmentsOf(node)) {
                String name = file.getFileName().toString();
                SimNode before = first.putIfAbsent(name, node);
                if (before != null) {
                    long mismatch = Files.mismatch(before.segments().resolve(name), file);
                    if (mismatch >= 0) {
                        found.add("segment " + name + " of nodes " + before.number() + " and " + node.number()
                                + " differs at byte " + mismatch);
                    }
                }
            }
        }
        return found;
    }

    private static List<Path> segmentsOf(SimNode node) throws IOException {
        try (Stream<Path> files = Files.list(node.segments())) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
