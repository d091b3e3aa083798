package io.flotilla.raftlog.catchup;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.CorruptLog;
import io.flotilla.raftlog.segment.DurableFiles;
import io.flotilla.raftlog.segment.SegmentCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was fetched, beside the replica it is for. It grows in {@code incoming}; renamed to {@code fetched} it is
 * complete, and {@link #install} moves it into the replica's place. A crash in between is of no consequence:
 * {@code install} can be run again from its beginning, and the checkpoint is replaced last.
 *
 * <p>Threading: one thread at a time.
 */
public final class StagedReplica {
    private static final Logger log = LoggerFactory.getLogger(StagedReplica.class);

    private static final String INCOMING = "incoming";
    private static final String FETCHED = "fetched";
    private static final String MANIFEST = "manifest";
    private static final String REPAIR = "repair";

    private final Path folder;
    private final Path incoming;
    private final Path fetched;
    private final String checkpointName;

    /**
     * @param folder         of the replica
     * @param checkpointName of the file in it that holds the checkpoint
     */
    public StagedReplica(Path folder, String checkpointName) {
        this.folder = folder;
        this.incoming = folder.resolve(INCOMING);
        this.fetched = folder.resolve(FETCHED);
        this.checkpointName = checkpointName;
    }

    /** The replica's own segments: base offsets, ascending. */
    static List<Long> segmentsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(SegmentCheck::baseOffsetOf)
                    .flatMapToLong(OptionalLong::stream)
                    .sorted()
                    .boxed()
                    .toList();
        }
    }

    Path folder() {
        return folder;
    }

    /** Where a segment is gathered. */
    Path incoming(long baseOffset) {
        return incoming.resolve(SegmentCheck.nameOf(baseOffset));
    }

    /** Begins to fetch, with whatever earlier fetches left. */
    void begin() throws IOException {
        if (Files.exists(fetched)) {
            if (Files.exists(incoming)) {
                DurableFiles.deleteFolder(incoming);
            }
            Files.move(fetched, incoming, ATOMIC_MOVE);
            Files.deleteIfExists(incoming.resolve(MANIFEST));
            Files.deleteIfExists(incoming.resolve(REPAIR));
            DurableFiles.syncFolder(incoming);
            DurableFiles.syncFolder(folder);
        }
        DurableFiles.createFolder(incoming);
    }

    /** Drops what was gathered of segments that are not to be fetched (any more). */
    void keepOnly(Set<Long> baseOffsets) throws IOException {
        for (long base : segmentsIn(incoming)) {
            if (!baseOffsets.contains(base)) {
                Files.delete(incoming(base));
            }
        }
    }

    /**
     * Declares what was gathered, every file of it durable, to be complete.
     *
     * @param repair whether it takes the place of damaged files
     */
    void complete(ReplicaManifest manifest, boolean repair) throws IOException {
        if (repair) {
            DurableFiles.replace(incoming.resolve(REPAIR), ByteBuffer.allocate(0));
        }
        DurableFiles.replace(incoming.resolve(MANIFEST), manifest.encode());
        Files.move(incoming, fetched, ATOMIC_MOVE);
        DurableFiles.syncFolder(folder);
    }

    /**
     * The manifest of what is complete and waits for {@link #install}; empty if there is nothing.
     *
     * @throws IOException if it is corrupt
     */
    public Optional<ReplicaManifest> complete() throws IOException {
        Path file = fetched.resolve(MANIFEST);
        return Files.exists(file)
                ? Optional.of(ReplicaManifest.decode(ByteBuffer.wrap(Files.readAllBytes(file))))
                : Optional.empty();
    }

    /** Whether what is complete takes the place of damaged files, so that it is installed even if it is no newer. */
    public boolean isRepair() {
        return Files.exists(fetched.resolve(REPAIR));
    }

    /** The position of the fetched checkpoint that was installed last, {@link LogPosition#NONE} if none was. */
    public LogPosition installed() throws IOException {
        return InstalledMark.read(folder);
    }

    /**
     * Moves what is complete into the replica's place. The replica's files must not be open.
     *
     * @param marked     whether the Raft log need not reach the fetched checkpoint; see {@link #installed}
     * @param quarantine where files go that are replaced; empty to drop them
     * @throws IOException if the disk fails, or files of the replica that were to be kept are not there
     */
    public LogPosition install(boolean marked, Optional<Path> quarantine) throws IOException {
        ReplicaManifest manifest =
                complete().orElseThrow(() -> new IOException("nothing complete was fetched for " + folder));
        if (quarantine.isPresent()) {
            DurableFiles.createFolder(quarantine.get());
            keepCheckpoint(quarantine.get());
        }
        for (SegmentSummary segment : manifest.segments()) {
            moveIn(segment, quarantine);
        }
        Set<Long> wanted =
                manifest.segments().stream().map(SegmentSummary::baseOffset).collect(Collectors.toSet());
        for (long base : segmentsIn(folder)) {
            if (!wanted.contains(base)) {
                drop(folder.resolve(SegmentCheck.nameOf(base)), quarantine);
            }
        }
        DurableFiles.syncFolder(folder);
        if (marked) {
            InstalledMark.write(folder, manifest.position());
        } else {
            InstalledMark.delete(folder);
        }
        DurableFiles.replace(folder.resolve(checkpointName), manifest.checkpoint());
        DurableFiles.deleteFolder(fetched);
        log.info(
                "installed a fetched replica folder={} index={} segments={}",
                folder,
                manifest.position().index(),
                manifest.segments().size());
        return manifest.position();
    }

    /** A copy, since the replica has a checkpoint at every moment. */
    private void keepCheckpoint(Path quarantine) throws IOException {
        Path own = folder.resolve(checkpointName);
        if (Files.exists(own)) {
            DurableFiles.replace(quarantine.resolve(checkpointName), ByteBuffer.wrap(Files.readAllBytes(own)));
        }
    }

    private void moveIn(SegmentSummary segment, Optional<Path> quarantine) throws IOException {
        String name = SegmentCheck.nameOf(segment.baseOffset());
        Path staged = fetched.resolve(name);
        Path target = folder.resolve(name);
        if (Files.exists(staged)) {
            drop(target, quarantine);
            Files.move(staged, target, ATOMIC_MOVE);
        } else if (!Files.exists(target) || Files.size(target) < segment.bytes()) {
            throw new CorruptLog("segment " + target + " was to be kept with " + segment.bytes() + " bytes, but "
                    + (Files.exists(target) ? "it has " + Files.size(target) : "it is gone"));
        }
    }

    private static void drop(Path file, Optional<Path> quarantine) throws IOException {
        if (quarantine.isEmpty()) {
            Files.deleteIfExists(file);
        } else if (Files.exists(file)) {
            Files.move(file, quarantine.get().resolve(String.valueOf(file.getFileName())), ATOMIC_MOVE);
            DurableFiles.syncFolder(quarantine.get());
        }
    }

    /** Drops what was fetched and is older than what the replica has by now. */
    public void discard() throws IOException {
        List<Path> stale = new ArrayList<>(List.of(incoming, fetched));
        stale.removeIf(Files::notExists);
        for (Path path : stale) {
            DurableFiles.deleteFolder(path);
        }
    }
}
