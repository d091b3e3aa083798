package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to start a member whose Raft log lacks entries that it had: those its state proves, and those its guard knows
 * to have been synced.
 *
 * <p>Ratis takes a log that was cut short for one whose last write was torn by a crash, and lets the member vote with
 * it; a majority of such logs loses acknowledged entries without a word. An entry is applied only after it was fsynced
 * here, and purging keeps the checkpoint's entry ({@link PurgeLimit}), so a log that was only ever torn reaches the
 * checkpoint and has no gap before it.
 *
 * <p>A log that a new leader cut back, to put entries of its own there, ends in a newer term. Should a crash come before
 * any entry of that term and before the guard follows, the member is refused although nothing was lost; it comes back
 * like one that is damaged.
 */
final class ShortenedLogGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ShortenedLogGuard.class);

    private ShortenedLogGuard() {}

    /**
     * @param current where the log is; it is not open
     * @param log     what is in it, the entry at the durable position wanted
     * @param durable position up to which the state holds all effects
     * @param apart   whether the state came to that position otherwise than by this log, which need not reach it
     * @throws DamagedMember if the log and the state do not fit
     */
    static void check(GroupId group, Path current, LogContent log, LogPosition durable, boolean apart)
            throws IOException {
        OptionalLong term = log.termAt(durable.index());
        boolean conflicts = term.isPresent() && term.getAsLong() != durable.term();
        if (apart && !log.files().isEmpty() && (log.last().index() < durable.index() || conflicts)) {
            dropSuperseded(group, current, log, durable);
            return;
        }
        if (log.files().isEmpty()) {
            if (!durable.isNone() && !apart) {
                throw refusal(group, "has no entries at all", durable);
            }
            return;
        }
        long first = log.files().get(0).first();
        if (first > durable.index() + 1) {
            throw refusal(group, "begins at index " + first, durable);
        }
        if (conflicts) {
            throw refusal(group, "holds index " + durable.index() + " with term " + term.getAsLong(), durable);
        }
        if (log.last().index() < durable.index()) {
            throw refusal(group, "ends at index " + log.last().index(), durable);
        }
    }

    /**
     * @param end     where the log, or the state if that is further, ends
     * @param flushed newest entry that the member knew to be synced
     * @throws DamagedMember if that entry is not there
     */
    static void checkEnd(GroupId group, LogPosition end, LogPosition flushed) throws DamagedMember {
        if (end.term() < flushed.term() || (end.term() == flushed.term() && end.index() < flushed.index())) {
            throw new DamagedMember("the Raft log of group " + group + " ends at index " + end.index() + " of term "
                    + end.term() + ", but it was synced up to index " + flushed.index() + " of term " + flushed.term()
                    + ": this member may have acknowledged what it lost. It stays closed, since it could vote for a"
                    + " history without those entries");
        }
    }

    /**
     * Deletes a log that ends before the state, or goes another way there: a crash came before Ratis did so. All entries
     * up to that position are committed and in the state, so whatever this log holds besides was not.
     */
    private static void dropSuperseded(GroupId group, Path current, LogContent log, LogPosition durable)
            throws IOException {
        for (LogFile file : log.files()) {
            Files.delete(file.path());
        }
        DurableFiles.syncFolder(current);
        LOG.warn(
                "deleted a Raft log that the fetched state has overtaken group={} logEnd={} fetched={}",
                group,
                log.last(),
                durable);
    }

    private static DamagedMember refusal(GroupId group, String found, LogPosition durable) {
        return new DamagedMember(
                "the Raft log of group " + group + " " + found + ", but its state is durable up to index "
                        + durable.index() + " of term " + durable.term()
                        + ": entries were lost or the folders do not belong together. This member stays closed, since it"
                        + " could vote for a history without acknowledged entries");
    }
}
