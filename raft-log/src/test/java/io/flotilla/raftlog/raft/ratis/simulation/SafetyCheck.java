package io.flotilla.raftlog.raft.ratis.simulation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.LogPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks what all members of a group together must keep to: one leader a term, one entry a place.
 *
 * <p>Threading: safe for all threads.
 */
public final class SafetyCheck {
    @GuardedBy("this")
    private final Map<Long, Integer> leaderOfTerm = new HashMap<>();

    @GuardedBy("this")
    private final Map<Long, Applied> entryAt = new HashMap<>();

    @GuardedBy("this")
    private final List<String> violations = new ArrayList<>();

    public Journal.Witness witnessOf(int node) {
        return new Journal.Witness() {
            @Override
            public void applied(Applied entry) {
                noteEntry(node, entry);
            }

            @Override
            public void led(long term) {
                noteLeader(node, term);
            }
        };
    }

    /** A node led in a term: it said so, or acknowledged an entry of it. */
    public synchronized void noteLeader(int node, long term) {
        Integer before = leaderOfTerm.putIfAbsent(term, node);
        if (before != null && before != node) {
            violations.add("nodes " + before + " and " + node + " both led in term " + term);
        }
    }

    private synchronized void noteEntry(int node, Applied entry) {
        LogPosition position = entry.position();
        Applied before = entryAt.putIfAbsent(position.index(), entry);
        if (before != null && !before.equals(entry)) {
            violations.add("node " + node + " applied " + entry + " where another had " + before);
        }
    }

    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** All that any member ever applied, by index. */
    public synchronized Map<Long, Applied> entries() {
        return Map.copyOf(entryAt);
    }

    public synchronized int terms() {
        return leaderOfTerm.size();
    }

    /** Fails if anything was violated so far. */
    public void check() {
        List<String> found = violations();
        if (!found.isEmpty()) {
            throw new AssertionError(String.join("\n", found));
        }
    }
}
