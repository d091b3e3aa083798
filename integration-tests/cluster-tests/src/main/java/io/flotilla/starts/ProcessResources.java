package io.flotilla.starts;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this process holds: how many threads, open files and listening ports of each name, and how many folders of clusters
 * lie among the system's temporary ones. Numbers in names are left out, so that a round's threads and files are found again
 * in the next one. Needs Linux's {@code /proc}.
 */
record ProcessResources(
        SortedMap<String, Integer> threads, SortedMap<String, Integer> files, int listeningPorts, int folders) {
    private static final String FOLDER_PREFIX = "flotilla-embedded-";
    private static final String LISTENING = "0A";
    private static final int STATE_COLUMN = 3;
    private static final int INODE_COLUMN = 9;

    static ProcessResources now() throws IOException {
        SortedMap<String, Integer> threads = new TreeMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> count(threads, thread.getName()));
        SortedMap<String, Integer> files = new TreeMap<>();
        Set<String> sockets = new HashSet<>();
        for (String target : openFiles()) {
            if (target.startsWith("socket:[")) {
                sockets.add(target.substring("socket:[".length(), target.length() - 1));
            }
            if (!target.endsWith(".jar") && !target.endsWith("/modules")) { // opened as classes are loaded
                count(files, target);
            }
        }
        return new ProcessResources(threads, files, listening(sockets), clusterFolders());
    }

    private static void count(Map<String, Integer> counts, String name) {
        counts.merge(name.replaceAll("[0-9a-fA-F]*[0-9][0-9a-fA-F]*", "#"), 1, Integer::sum);
    }

    private static List<String> openFiles() throws IOException {
        List<String> targets = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    targets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // As the one of this listing.
                }
            }
        }
        targets.removeIf(target -> target.startsWith("/proc/"));
        return targets;
    }

    private static int listening(Set<String> inodes) throws IOException {
        int ports = 0;
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            if (Files.exists(Path.of(table))) {
                ports += (int) Files.readAllLines(Path.of(table)).stream()
                        .skip(1) // the heading
                        .map(line -> line.strip().split("\\s+"))
                        .filter(columns -> columns[STATE_COLUMN].equals(LISTENING))
                        .filter(columns -> inodes.contains(columns[INODE_COLUMN]))
                        .count();
            }
        }
        return ports;
    }

    private static int clusterFolders() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), FOLDER_PREFIX + "*")) {
            for (Path folder : found) {
                count += Files.isDirectory(folder) ? 1 : 0;
            }
        }
        return count;
    }

    /** What there is more of than there was, in words; empty if nothing. */
    List<String> beyond(ProcessResources before) {
        List<String> more = new ArrayList<>();
        more.addAll(beyond("threads", threads, before.threads));
        more.addAll(beyond("open files", files, before.files));
        more.addAll(beyond("listening ports", listeningPorts, before.listeningPorts));
        more.addAll(beyond("folders " + FOLDER_PREFIX + "*", folders, before.folders));
        return more;
    }

    private static List<String> beyond(String kind, Map<String, Integer> now, Map<String, Integer> before) {
        return now.entrySet().stream()
                .flatMap(
                        entry -> beyond(
                                kind + " '" + entry.getKey() + "'",
                                entry.getValue(),
                                before.getOrDefault(entry.getKey(), 0))
                                .stream())
                .toList();
    }

    private static List<String> beyond(String what, int now, int before) {
        return now > before ? List.of(what + ": " + now + ", before " + before) : List.of();
    }

    int threadCount() {
        return threads.values().stream().mapToInt(Integer::intValue).sum();
    }

    int fileCount() {
        return files.values().stream().mapToInt(Integer::intValue).sum();
    }
}
