package io.flotilla.raftlog.catchup;

import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Where other brokers' replicas are read. Calls wait for their answer, a bounded time.
 *
 * <p>Threading: safe for all threads.
 */
public interface ReplicaSource {
    /** Nobody to ask: groups then keep the log that a lagging member needs, whatever it takes. */
    ReplicaSource NONE = (group, minIndex) -> {
        throw new IOException("no other broker is known to have group " + group);
    };

    /**
     * Asks the group's other members, its leader first.
     *
     * @param minIndex the checkpoint offered must hold this entry of the Raft log
     * @throws IOException if nobody answers with one; trying again later may help
     */
    Offer ask(GroupId group, long minIndex) throws IOException;

    /**
     * What the group's other members know of their full segments without reading them now.
     *
     * @return by origin; a member that cannot be reached, or has failed, is left out
     */
    default Map<String, List<SegmentSummary>> digests(GroupId group) {
        return Map.of();
    }

    /** One member's checkpoint, which stays what it is while that member goes on. */
    interface Offer {
        ReplicaManifest manifest();

        /**
         * Reads bytes of a segment that the manifest names, within the size it names.
         *
         * @param length 1 or more
         * @return at least one byte and at most {@code length}
         * @throws Gone        if the member has the segment no more: a new offer may go on without it
         * @throws IOException if the member cannot be reached or read
         */
        ByteBuffer read(long baseOffset, int position, int length) throws IOException;

        /** Who made it, for log lines. */
        String origin();
    }

    /** The source no longer has what it offered: it was deleted by retention, or the replica was moved. */
    final class Gone extends IOException {
        private static final long serialVersionUID = 1;

        public Gone(String message) {
            super(message);
        }
    }
}
