package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Decides how far a group's log may be removed. Pure. */
final class PurgeLimit {
    private static final long NOTHING = -1;

    private PurgeLimit() {}

    /**
     * The last index that no one needs any more: neither this member after a restart, nor a peer that lags by no more
     * than a budget. A peer that lacks more, or is silent for long, has to catch up without the log.
     *
     * <p>The entry of the checkpoint itself stays, so that a log always reaches the checkpoint (which
     * {@link ShortenedLogGuard} relies on) and a peer that continues behind it finds its predecessor.
     *
     * @param checkpointIndex index of this member's durable checkpoint, -1 for none
     * @param peers           every peer of the newest configuration
     * @param committed       highest index each peer is known to have committed durably
     * @param files           of the log, oldest first
     * @param keptBytesMax    bytes of files that are kept for peers and for nobody else
     */
    static OptionalLong of(
            long checkpointIndex,
            Collection<PeerId> peers,
            Map<PeerId, Long> committed,
            List<LogFile> files,
            long keptBytesMax) {
        long neededByPeers = checkpointIndex;
        for (PeerId peer : peers) {
            neededByPeers = Math.min(neededByPeers, committed.getOrDefault(peer, NOTHING));
        }
        long limit = Math.max(neededByPeers - 1, lastBeyond(keptBytesMax, checkpointIndex, files));
        return limit >= 0 ? OptionalLong.of(limit) : OptionalLong.empty();
    }

    /** Last index of the newest file that is too much, going back from the checkpoint; -1 if none is. */
    private static long lastBeyond(long keptBytesMax, long checkpointIndex, List<LogFile> files) {
        long kept = 0;
        for (int i = files.size() - 1; i >= 0; i--) {
            LogFile file = files.get(i);
            if (file.isOpen() || file.last() >= checkpointIndex) {
                continue; // it holds the checkpoint's entry or later ones
            }
            kept += file.bytes();
            if (kept > keptBytesMax) {
                return file.last();
            }
        }
        return NOTHING;
    }
}
