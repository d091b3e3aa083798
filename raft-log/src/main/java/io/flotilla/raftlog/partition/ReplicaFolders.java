package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of a broker's replicas. A replica exists once its folder holds a checkpoint, and is gone once the folder
 * holds the mark of its deletion; what a crash left between is cleared away at the next start. Another mark tells that
 * the replica has joined its Raft group: without that group's files it has forgotten how it voted, and must not go on.
 */
final class ReplicaFolders {
    private static final Logger log = LoggerFactory.getLogger(ReplicaFolders.class);

    private static final String DELETED_MARK = "deleted";
    private static final String JOINED_MARK = "joined";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\\d{1,9})");

    private final Path root;

    private ReplicaFolders(Path root) {
        this.root = root;
    }

    static ReplicaFolders open(Path root) throws IOException {
        DurableFiles.createFolder(root);
        ReplicaFolders folders = new ReplicaFolders(root);
        for (PartitionId id : folders.replicas()) {
            if (Files.exists(folders.of(id).resolve(DELETED_MARK)) || folders.isUnfinished(id)) {
                folders.delete(id);
                log.info("cleared away what a crash left of a replica partition={}", id);
            }
        }
        return folders;
    }

    /** Whether the folder has neither checkpoint nor data: no Raft group was ever made for it. */
    private boolean isUnfinished(PartitionId id) throws IOException {
        return filesOf(id).stream()
                .map(file -> file.getFileName().toString())
                .noneMatch(name -> name.equals(CheckpointFile.NAME) || name.endsWith(".log"));
    }

    Path of(PartitionId id) {
        return root.resolve(id.toString());
    }

    List<PartitionId> replicas() throws IOException {
        List<PartitionId> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(root)) {
            entries.map(ReplicaFolders::idOf).flatMap(Optional::stream).forEach(found::add);
        }
        return found;
    }

    private static Optional<PartitionId> idOf(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches()
                ? Optional.of(new PartitionId(UUID.fromString(name.group(1)), Integer.parseInt(name.group(2))))
                : Optional.empty();
    }

    /** Makes the folder of a replica that has applied nothing. */
    void create(PartitionId id, int incarnation, PartitionSettings settings) throws IOException {
        DurableFiles.createFolder(of(id));
        IncarnationMark.joining(incarnation).write(of(id)); // before it passes for a replica
        CheckpointFile.write(of(id), Checkpoint.initial(id, settings));
    }

    IncarnationMark incarnation(PartitionId id) throws IOException {
        return IncarnationMark.read(of(id));
    }

    /** Moves a replica's files, none of them open, to the quarantine at once. Returns where they went. */
    Path putAside(PartitionId id) throws IOException {
        Path quarantine = root.resolveSibling("quarantine").resolve("partitions");
        DurableFiles.createFolder(quarantine);
        Path target = quarantine.resolve(id + "-" + TIME.format(Instant.now()));
        Files.move(of(id), target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncFolder(quarantine);
        DurableFiles.syncFolder(root);
        return target;
    }

    boolean hasJoined(PartitionId id) {
        return Files.exists(of(id).resolve(JOINED_MARK));
    }

    /** From now on the replica must have its Raft group's files. */
    void markJoined(PartitionId id) throws IOException {
        if (!hasJoined(id)) {
            DurableFiles.replace(of(id).resolve(JOINED_MARK), ByteBuffer.allocate(0));
        }
    }

    /** From now on the replica is gone, whenever its files follow. */
    void markDeleted(PartitionId id) throws IOException {
        DurableFiles.replace(of(id).resolve(DELETED_MARK), ByteBuffer.allocate(0));
    }

    /**
     * Deletes a replica's files. The mark of the deletion goes last: without it, what a crash left of the others would
     * pass for a replica.
     */
    void delete(PartitionId id) throws IOException {
        if (!Files.exists(of(id).resolve(DELETED_MARK))) {
            markDeleted(id);
        }
        for (Path file : filesOf(id)) {
            if (Files.isDirectory(file)) {
                DurableFiles.deleteFolder(file);
            } else if (!file.endsWith(DELETED_MARK)) {
                Files.delete(file);
            }
        }
        DurableFiles.syncFolder(of(id));
        DurableFiles.deleteFolder(of(id));
    }

    private List<Path> filesOf(PartitionId id) throws IOException {
        try (Stream<Path> files = Files.list(of(id))) {
            return files.toList();
        }
    }
}
