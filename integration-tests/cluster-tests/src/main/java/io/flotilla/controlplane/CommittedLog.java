package io.flotilla.controlplane;

import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ratis.LoggedEntries.Entry;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The one log on which the members of a group agreed, put together from pieces of what they wrote. At one index members can
 * have written different entries, of which only that of the highest term can be committed: whoever led later had it (section
 * 5.4 of the Raft paper). So up to an index known to be committed that one is it.
 */
final class CommittedLog {
    private CommittedLog() {}

    /**
     * All entries from the first up to one that is committed.
     *
     * @param pieces each without gaps, all together from index 0 on
     * @param end    of an entry that was applied
     * @throws IllegalStateException if entries are missing, two of one term and index differ, or terms go back
     */
    static List<Entry> upTo(LogPosition end, List<List<Entry>> pieces) {
        SortedMap<Long, Entry> byIndex = new TreeMap<>();
        pieces.forEach(
                piece -> piece.forEach(entry -> byIndex.merge(entry.position().index(), entry, CommittedLog::later)));
        List<Entry> committed = List.copyOf(byIndex.headMap(end.index() + 1).values());
        long index = -1;
        long term = 0;
        for (Entry entry : committed) {
            LogPosition position = entry.position();
            if (position.index() != index + 1) {
                throw new IllegalStateException("entries " + (index + 1) + " to " + (position.index() - 1)
                        + " are in no log that was kept: they were purged before they were seen");
            }
            if (position.term() < term) {
                throw new IllegalStateException(position + " follows an entry of term " + term);
            }
            index = position.index();
            term = position.term();
        }
        if (index != end.index() || term != end.term()) {
            throw new IllegalStateException("the logs end at index " + index + " of term " + term
                    + ", before the image of " + end + ": entries are in no log that was kept");
        }
        return committed;
    }

    private static Entry later(Entry one, Entry other) {
        int order = Long.compare(one.position().term(), other.position().term());
        if (order == 0 && !one.equals(other)) {
            throw new IllegalStateException(
                    "two different entries are at " + one.position() + ": " + one + " and " + other);
        }
        return order < 0 ? other : one;
    }
}
