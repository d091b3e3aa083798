package io.flotilla.raftlog.raft.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.RaftSettings.Elections;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long members wait for their first leader: briefly, so that a new group serves at once, unless more than {@link
 * Elections#FIRST_TIMEOUT_GROUPS_MAX} of them wait. Then most would only stand for elections that nobody can win yet,
 * because the other hosts have not made their members or their leaders have not come round, and the elections would keep
 * all of them from doing that.
 *
 * <p>Threading: safe for all threads.
 */
final class FirstElections {
    private static final Logger LOG = LoggerFactory.getLogger(FirstElections.class);

    private final Elections elections;
    private final BiConsumer<Duration, Duration> timeouts;

    @GuardedBy("this")
    private int opening;

    @GuardedBy("this")
    private int waiting;

    @GuardedBy("this")
    private boolean patient;

    /**
     * @param timeouts takes the range from which every member that has seen no leader yet draws its next wait
     */
    FirstElections(Elections elections, BiConsumer<Duration, Duration> timeouts) {
        this.elections = elections;
        this.timeouts = timeouts;
    }

    /** So many members are about to be opened; {@link #opened} is called for each. */
    synchronized void opening(int members) {
        opening += members;
        decide();
    }

    /** One of them is open, or could not be opened. */
    synchronized void opened(boolean waits) {
        opening--;
        if (waits) {
            waiting++;
        }
        decide();
    }

    /** So many open members wait for their first leader; corrects what was counted since the last call. */
    synchronized void waiting(int members) {
        waiting = members;
        decide();
    }

    @GuardedBy("this")
    private void decide() {
        boolean many = opening + waiting > Elections.FIRST_TIMEOUT_GROUPS_MAX;
        if (many == patient) {
            return;
        }
        patient = many;
        LOG.debug("first elections patient={} opening={} waiting={}", many, opening, waiting);
        if (many) {
            timeouts.accept(elections.timeoutMin(), elections.timeoutMax());
        } else {
            timeouts.accept(elections.firstTimeoutMin(), elections.firstTimeoutMax());
        }
    }
}
