package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens the state of a member and decides whether the member may start with the files it has. */
final class MemberTrust {
    private final GroupFolders folders;
    private final int entryBytesMax;

    MemberTrust(GroupFolders folders, int entryBytesMax) {
        this.folders = folders;
        this.entryBytesMax = entryBytesMax;
    }

    /**
     * What a member starts from.
     *
     * @param durable position up to which its state holds all effects
     * @param base    see {@link MemberGuard}
     */
    record Start(LogPosition durable, LogPosition base) {}

    /**
     * Opens the state of a member whose files are there.
     *
     * @throws DamagedMember if what it remembers of its group is lost or damaged
     * @throws DamagedState  if only the state is: the member may go on once that is repaired
     */
    Start ofFiles(GroupId group, ReplicatedState state) throws IOException {
        Path folder = folders.of(group);
        Rejoining.refuseUnfinished(group, folder);
        Optional<MemberGuard> guard = MemberGuardFile.read(group, folder);
        long term = VoteGuard.check(group, folder, guard);
        LogPosition durable;
        try {
            durable = state.open();
        } catch (DamagedState damaged) {
            // Its log decides whether a repair may follow.
            checkLog(group, state, guard, term, damaged.durable(), true);
            throw damaged;
        }
        checkLog(group, state, guard, term, durable, false);
        return new Start(durable, guard.map(MemberGuard::base).orElse(LogPosition.NONE));
    }

    /** Opens the state of a member that is being made, which must be as new. */
    Start ofFounder(GroupId group, ReplicatedState state) throws IOException {
        LogPosition durable = state.open();
        if (!durable.isNone()) {
            throw new DamagedMember("group " + group + " has a state durable up to index " + durable.index()
                    + " but no Raft log: its member would vote with no memory of what it acknowledged");
        }
        return new Start(durable, LogPosition.NONE);
    }

    /** Opens the state of a member that comes back without files, and keeps in mind where its log will begin. */
    Start ofReturning(GroupId group, ReplicatedState state) throws IOException {
        LogPosition durable = state.open();
        try (MemberGuardFile guard = MemberGuardFile.open(group, folders.of(group))) {
            guard.write(MemberGuard.startingAt(durable));
            guard.sync();
        }
        return new Start(durable, durable);
    }

    private void checkLog(
            GroupId group,
            ReplicatedState state,
            Optional<MemberGuard> guard,
            long term,
            LogPosition durable,
            boolean damaged)
            throws IOException {
        Path folder = folders.of(group);
        Path current = GroupFolders.current(folder);
        PeersGuard peers = PeersGuard.read(group, folder, guard);
        LogContent log = LogContent.read(
                group,
                current,
                entryBytesMax,
                Set.copyOf(List.of(durable.index(), peers.index(), peers.guardedIndex())));
        if (!damaged || !durable.isNone()) {
            boolean isBase = guard.isPresent() && durable.equals(guard.get().base());
            boolean apart = !durable.isNone() && (isBase || wasFetched(state, durable));
            ShortenedLogGuard.check(group, current, log, durable, apart);
        }
        LogPosition end = log.last().index() > durable.index() ? log.last() : durable;
        if (guard.isPresent()) {
            ShortenedLogGuard.checkEnd(group, end, guard.get().flushed());
        }
        VoteGuard.checkAgainstLog(group, folder, term, Math.max(log.last().term(), durable.term()));
        peers.check(log, end);
        syncNewest(log);
    }

    private static boolean wasFetched(ReplicatedState state, LogPosition durable) throws IOException {
        Optional<CatchUp> catchUp = state.catchUp();
        return catchUp.isPresent() && catchUp.get().fetchedPosition().equals(durable);
    }

    /** Ratis takes what it reads for synced, though the process may have ended before it was. */
    private static void syncNewest(LogContent log) throws IOException {
        List<LogFile> files = log.files();
        if (files.isEmpty()) {
            return;
        }
        Path newest = files.get(files.size() - 1).path();
        if (newest.toFile().exists()) { // unless it was superseded
            try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
                file.getFD().sync();
            }
        }
    }
}
