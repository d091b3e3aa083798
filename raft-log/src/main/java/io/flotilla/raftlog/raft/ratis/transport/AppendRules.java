package io.flotilla.raftlog.raft.ratis.transport;

/** Where a follower's next entry is, by what it answered. Pure; indexes begin at 0. */
final class AppendRules {
    private AppendRules() {}

    /**
     * The follower refused since its log does not continue there, or since it is taking over a state. Then it asks for
     * what comes after its log, and the end of that may be entries of an earlier leader which nobody else has: if it
     * asks for later entries than it was sent, only what it has committed counts.
     *
     * @param refusedFirst first entry of what it refused; the next to be sent if that was a heartbeat
     * @param asked        the entry it asks for
     * @param commit       last entry it knows to be committed, negative for none
     * @param match        last entry it is known to have, negative for none
     * @param heartbeat    whether it refused a heartbeat: then the next to be sent has not been refused
     */
    static long nextAfterRefusal(long refusedFirst, long asked, long commit, long match, boolean heartbeat) {
        long next = Math.min(asked, Math.max(refusedFirst, commit + 1));
        // What it has acknowledged it has; but the very request it refused would be refused again.
        if (match + 1 > next && (heartbeat || match + 1 != refusedFirst)) {
            next = match + 1;
        }
        if (!heartbeat && next == refusedFirst && next > 0) {
            next--;
        }
        return Math.max(next, 0);
    }

    /**
     * Requests were lost, or answered with an error.
     *
     * @param oldestLost first entry of the oldest of them
     * @param next       entry that would have been sent next
     * @param match      last entry the follower is known to have, negative for none
     */
    static long nextAfterLoss(long oldestLost, long next, long match) {
        return Math.max(match + 1, Math.min(next, oldestLost));
    }

    /**
     * How long to leave a follower alone that failed several times in a row.
     *
     * @param failures 1 or more
     * @return milliseconds, up to {@code maxMillis}
     */
    static long pauseMillis(int failures, long firstMillis, long maxMillis) {
        int doublings = Math.min(Math.max(failures, 1) - 1, 30);
        return Math.min(firstMillis << doublings, maxMillis);
    }
}
