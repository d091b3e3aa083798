package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.ratis.transport.Message;
import java.util.UUID;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * One direction between two servers, for the messages of one group or of all.
 *
 * @param group the group, {@link Message#MANY_GROUPS} for all
 */
public record Route(RaftPeerId from, RaftPeerId to, UUID group) {
    public static Route ofAll(RaftPeerId from, RaftPeerId to) {
        return new Route(from, to, Message.MANY_GROUPS);
    }

    Route toAll() {
        return ofAll(from, to);
    }

    /** The same in every run, which {@code hashCode} of an id need not be. */
    long seed(long routerSeed) {
        long mixed = routerSeed;
        for (long part : new long[] {
            from.toString().hashCode(),
            to.toString().hashCode(),
            group.getMostSignificantBits(),
            group.getLeastSignificantBits()
        }) {
            mixed = (mixed ^ part) * 0x9E3779B97F4A7C15L;
            mixed ^= mixed >>> 29;
        }
        return mixed;
    }
}
