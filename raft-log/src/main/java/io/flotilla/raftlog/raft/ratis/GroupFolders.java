package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders Ratis keeps, one per group and named by its id, and the quarantine beside them:
 *
 * <pre>
 * &lt;directory&gt;/&lt;group id&gt;/guard                        what the other files must hold: ours, not Ratis's
 * &lt;directory&gt;/&lt;group id&gt;/rejoining                    while the member comes back: likewise
 * &lt;directory&gt;/&lt;group id&gt;/current/raft-meta            term and vote
 * &lt;directory&gt;/&lt;group id&gt;/current/raft-meta.conf       newest committed configuration, or the founders'
 * &lt;directory&gt;/&lt;group id&gt;/current/log_&lt;first&gt;-&lt;last&gt;   closed file of the log
 * &lt;directory&gt;/&lt;group id&gt;/current/log_inprogress_&lt;first&gt;
 * &lt;directory&gt;/quarantine/&lt;group id&gt;                   not opened, kept for a person to look at
 * &lt;directory&gt;/&lt;group id&gt;.founding                     of a group being founded out of another: see {@link Inheritance}
 * &lt;directory&gt;/../quarantine/raft/&lt;group id&gt;-&lt;time&gt;   likewise, of a member that came back without them
 * </pre>
 */
final class GroupFolders {
    private static final Logger LOG = LoggerFactory.getLogger(GroupFolders.class);
    private static final String QUARANTINE = "quarantine";
    private static final String CURRENT = "current";
    private static final String META = "raft-meta";
    private static final String CONFIGURATION = "raft-meta.conf";
    private static final String GONE = ".gone";
    private static final Path SET_ASIDE = Path.of("quarantine", "raft");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

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
        if (MemberGuardFile.exists(of(group))) {
            return false;
        }
        if (!Files.isDirectory(current)) {
            return true;
        }
        return !Files.exists(current.resolve(CONFIGURATION))
                && LogFile.in(current).isEmpty()
                && (!Files.exists(current.resolve(META))
                        || VoteFile.read(current.resolve(META))
                                .filter(vote -> vote.term() == 0)
                                .isPresent());
    }

    /** Where the member's term and vote are. */
    static Path metaFile(Path folder) {
        return current(folder).resolve(META);
    }

    /** Where the member's peers are, once they are known. */
    static Path configurationFile(Path folder) {
        return current(folder).resolve(CONFIGURATION);
    }

    boolean isQuarantined(GroupId group) {
        return Files.exists(quarantineOf(group));
    }

    /** Puts the group's folder out of the way. Returns where it went. */
    Path quarantine(GroupId group) throws IOException {
        Path target = quarantineOf(group);
        DurableFiles.createFolder(quarantine);
        Files.move(of(group), target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncFolder(quarantine);
        DurableFiles.syncFolder(directory);
        return target;
    }

    /** The folder of a member that is never to be opened again, in the quarantine; empty if it has none. */
    Optional<Path> closed(GroupId group) throws IOException {
        if (exists(group)) {
            return Optional.of(quarantine(group));
        }
        return isQuarantined(group) ? Optional.of(quarantineOf(group)) : Optional.empty();
    }

    /** Makes room for the group's folder: moves what is there, or in the quarantine beside it, out of the directory. */
    void setAside(GroupId group) throws IOException {
        Path target =
                Objects.requireNonNull(directory.toAbsolutePath().getParent()).resolve(SET_ASIDE);
        for (Path folder : List.of(of(group), quarantineOf(group))) {
            if (Files.exists(folder)) {
                DurableFiles.createFolder(target);
                Path to = target.resolve(group + "-" + TIME.format(Instant.now()));
                if (Files.exists(to)) { // both within one millisecond
                    to = to.resolveSibling(to.getFileName() + "-second");
                }
                Files.move(folder, to, StandardCopyOption.ATOMIC_MOVE);
                DurableFiles.syncFolder(target);
                DurableFiles.syncFolder(Objects.requireNonNull(folder.getParent()));
                LOG.warn("Raft files that are not to be opened any more went to {} group={}", to, group);
            }
        }
    }

    void delete(GroupId group) throws IOException {
        DurableFiles.deleteFolder(of(group));
    }

    /** Deletes the group's folder such that no crash leaves a part of it behind under its name. */
    void deleteAtOnce(GroupId group) throws IOException {
        Path nameless = directory.resolve(group + GONE);
        DurableFiles.deleteFolder(nameless); // what an earlier crash left
        Files.move(of(group), nameless, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncFolder(directory);
        DurableFiles.deleteFolder(nameless);
    }

    /** Makes a new group's files survive a power cut; Ratis syncs files but not the folders that name them. */
    static void syncNew(Path folder) throws IOException {
        DurableFiles.syncFolder(current(folder));
        DurableFiles.syncFolder(folder);
        DurableFiles.syncFolder(folder.resolveSibling("."));
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
}
