package io.flotilla.broker;

import io.flotilla.metadata.MetadataVoters;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;

/** When a voter has to ask others whether it is one still: the group does not tell a member that was taken out. */
final class SeatRules {
    /** A voter that knows no leader for this long may have been taken out. */
    static final Duration LEADERLESS_MAX = Duration.ofSeconds(5);

    private SeatRules() {}

    /**
     * @param told       who votes and who shall, as the newest image here has it
     * @param leaderless for how long no leader has been known
     * @param failed     whether the member has stopped by itself, as one that was taken out does
     */
    static boolean isDoubtful(
            PeerId self, MetadataVoters told, Leadership leadership, Duration leaderless, boolean failed) {
        boolean unwanted = !told.voters().isEmpty() && !told.wants(self);
        return failed
                || leadership.role() == Leadership.Role.STOPPED
                || unwanted
                || leaderless.compareTo(LEADERLESS_MAX) >= 0;
    }
}
