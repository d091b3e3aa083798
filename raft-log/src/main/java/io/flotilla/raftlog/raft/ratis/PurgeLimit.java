package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.PeerId;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;

/** Decides how far a group's log may be removed. Pure. */
final class PurgeLimit {
    private PurgeLimit() {}

    /**
     * The last index that no one needs any more: neither this member after a restart nor any peer of the group. One
     * peer that is silent for ever keeps the log for ever, until peers can catch up by files.
     *
     * <p>The entry of the checkpoint itself stays, so that a log always reaches the checkpoint (which
     * {@link ShortenedLogGuard} relies on) and a peer that continues behind it finds its predecessor.
     *
     * @param checkpointIndex index of this member's durable checkpoint, -1 for none
     * @param peers           every peer of the newest configuration
     * @param committed       highest index each peer is known to have committed durably
     */
    static OptionalLong of(long checkpointIndex, Collection<PeerId> peers, Map<PeerId, Long> committed) {
        long limit = checkpointIndex;
        for (PeerId peer : peers) {
            Long known = committed.get(peer);
            if (known == null) {
                return OptionalLong.empty();
            }
            limit = Math.min(limit, known);
        }
        return limit >= 1 ? OptionalLong.of(limit - 1) : OptionalLong.empty();
    }
}
