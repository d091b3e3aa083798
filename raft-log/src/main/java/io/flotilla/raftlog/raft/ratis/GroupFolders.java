package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folders Ratis keeps, one per group and named by its id, and the quarantine beside them:
 *
 * <pre>
 * &lt;directory&gt;/&lt;group id&gt;/current/raft-meta            term and vote
 * &lt;directory&gt;/&lt;group id&gt;/current/raft-meta.conf       newest committed configuration, or the founders'
 * &lt;directory&gt;/&lt;group id&gt;/current/log_&lt;first&gt;-&lt;last&gt;   closed file of the log
 * &lt;directory&gt;/&lt;group id&gt;/current/log_inprogress_&lt;first&gt;
 * &lt;directory&gt;/quarantine/&lt;group id&gt;                   not opened, kept for a person to look at
 * </pre>
 */
final class GroupFolders {
    private static final String QUARANTINE = "quarantine";
    private static final String CURRENT = "current";
    private static final String META = "raft-meta";
    private static final String CONFIGURATION = "raft-meta.conf";

    private final Path directory;
    private final Path quarantine;

    GroupFolders(Path directory) throws IOException {
        this.directory = directory;
        this.quarantine = directory.resolve(QUARANTINE);
        Files.createDirectories(directory);
    }

    Path directory() {
        return directory;
    }

    Path of(GroupId group) {
        return directory.resolve(group.toString());
    }

    /** Where the group's log and vote are. */
    static Path current(Path folder) {
        return folder.resolve(CURRENT);
    }

    boolean exists(GroupId group) {
        return Files.isDirectory(of(group));
    }

    List<GroupId> groups() throws IOException {
        List<GroupId> groups = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(Files::isDirectory)
                    .map(GroupFolders::idOf)
                    .flatMap(Optional::stream)
                    .forEach(groups::add);
        }
        groups.sort(Comparator.comparing(GroupId::value));
        return groups;
    }

    /** Whether a crash interrupted the making of the group: it knows no peers, so it never voted. */
    boolean isUnfinished(GroupId group) throws IOException {
        Path current = current(of(group));
        if (!Files.isDirectory(current)) {
            return true;
        }
        return !Files.exists(current.resolve(CONFIGURATION))
                && LogFile.in(current).isEmpty()
                && !hasVoted(current.resolve(META));
    }

    private static boolean hasVoted(Path meta) throws IOException {
        return Files.exists(meta) && !termIn(meta).equals("0");
    }

    private static String termIn(Path meta) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(meta, StandardCharsets.ISO_8859_1)) { // which knows every byte
            properties.load(reader);
        }
        return properties.getProperty("term", "");
    }

    /** Where the member's term and vote are. */
    static Path metaFile(Path folder) {
        return current(folder).resolve(META);
    }

    /** Where the member's peers are, once they are known. */
    static Path configurationFile(Path folder) {
        return current(folder).resolve(CONFIGURATION);
    }

    /**
     * The term that a group's member has written down.
     *
     * @throws IOException if it is missing or cannot be read
     */
    static long term(Path folder) throws IOException {
        Path meta = metaFile(folder);
        try {
            return Long.parseLong(termIn(meta));
        } catch (IllegalArgumentException damaged) { // also of a malformed escape in the file
            throw new IOException(
                    meta + " is damaged: it holds no term. This member stays closed, since it could vote twice."
                            + " Replace it by a new replica, or restore the file",
                    damaged);
        }
    }

    boolean isQuarantined(GroupId group) {
        return Files.exists(quarantineOf(group));
    }

    /** Puts the group's folder out of the way. Returns where it went. */
    Path quarantine(GroupId group) throws IOException {
        Path target = quarantineOf(group);
        Files.createDirectories(quarantine);
        Files.move(of(group), target, StandardCopyOption.ATOMIC_MOVE);
        sync(quarantine);
        sync(directory);
        return target;
    }

    void delete(GroupId group) throws IOException {
        Path folder = of(group);
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path path : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        sync(directory);
    }

    /** Makes a new group's files survive a power cut; Ratis syncs files but not the folders that name them. */
    static void syncNew(Path folder) throws IOException {
        sync(current(folder));
        sync(folder);
        sync(folder.resolveSibling("."));
    }

    private Path quarantineOf(GroupId group) {
        return quarantine.resolve(group.toString());
    }

    private static Optional<GroupId> idOf(Path folder) {
        String name = folder.getFileName().toString();
        try {
            UUID id = UUID.fromString(name);
            return id.toString().equals(name) ? Optional.of(new GroupId(id)) : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
