package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to start a member whose file of peers cannot be what it was. Ratis writes it without a checksum, and goes on
 * without peers when it cannot read it. The file repeats an entry of the log, and is compared with it while that is
 * there.
 */
final class PeersGuard {
    private final GroupId group;
    private final Path file;
    private final @Nullable MemberGuard guard;

    /** Null if the member knows no peers. */
    private final @Nullable PeersFile peers;

    private PeersGuard(GroupId group, Path file, @Nullable MemberGuard guard, @Nullable PeersFile peers) {
        this.group = group;
        this.file = file;
        this.guard = guard;
        this.peers = peers;
    }

    /**
     * @param folder the group's folder
     * @param guard  what the member knew to have written down
     */
    static PeersGuard read(GroupId group, Path folder, Optional<MemberGuard> guard) throws IOException {
        Path file = GroupFolders.configurationFile(folder);
        if (!Files.exists(file)) {
            return new PeersGuard(group, file, guard.orElse(null), null);
        }
        PeersFile peers = PeersFile.read(file).orElseThrow(() -> refusal(group, file, "cannot be read"));
        return new PeersGuard(group, file, guard.orElse(null), peers);
    }

    /** Index of the entry that the file repeats; of which {@link #check} asks the log. */
    long index() {
        return peers == null ? -1 : peers.position().index();
    }

    /**
     * @param log what the member's log holds
     * @param end where its log or its state ends
     * @throws DamagedMember if the file fits neither them nor the guard
     */
    void check(LogContent log, LogPosition end) throws DamagedMember {
        LogPosition guarded = guard == null ? LogPosition.NONE : guard.configuration();
        LogPosition position = peers == null ? LogPosition.NONE : peers.position();
        if (position.term() > 0 && position.index() > end.index()) {
            throw refusal(group, file, "is of index " + position.index() + ", behind the end of its log " + end);
        }
        if (peers != null && guard != null && position.equals(guarded) && peers.crc() != guard.configurationCrc()) {
            throw refusal(group, file, "has changed though the peers have not");
        }
        if (isBefore(position, guarded)) {
            throw refusal(group, file, "is of index " + position.index() + ", but the member had peers of " + guarded);
        }
        OptionalInt held = log.checksumAt(position.index());
        if (guard != null && position.term() > 0 && isBefore(guarded, position) && held.isEmpty()) {
            // A guard is behind for a moment only, in which the entry does not leave the log.
            throw refusal(
                    group,
                    file,
                    "is of " + position + ", which is not in its log, but the member had peers of " + guarded);
        }
        if (peers != null && position.term() > 0 && held.isPresent() && held.getAsInt() != peers.crc()) {
            throw refusal(group, file, "is not what the log holds at index " + position.index());
        }
    }

    private static boolean isBefore(LogPosition position, LogPosition other) {
        return position.index() < other.index()
                || (position.index() == other.index() && position.term() < other.term());
    }

    private static DamagedMember refusal(GroupId group, Path file, String found) {
        return new DamagedMember("the peers of group " + group + " are not what they were: " + file + " " + found
                + ". This member stays closed");
    }
}
