package io.flotilla.broker.internal;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Map;
import java.util.UUID;

/** What the requests of brokers to each other have in common. */
final class InternalRequests {
    private InternalRequests() {}

    static void requireCluster(String own, String asked) {
        if (!asked.equals(own)) {
            throw new Refused(ErrorCode.INVALID_REQUEST, "this broker belongs to cluster " + own + ", not to " + asked);
        }
    }

    static GroupId groupOf(String id) {
        try {
            return new GroupId(UUID.fromString(id));
        } catch (IllegalArgumentException malformed) {
            throw new Refused(ErrorCode.INVALID_REQUEST, "'" + id + "' is no id of a Raft group", Map.of(), malformed);
        }
    }

    static PeerId peerOf(String id) {
        try {
            return new PeerId(id);
        } catch (IllegalArgumentException malformed) {
            throw new Refused(ErrorCode.INVALID_REQUEST, "the peer is malformed: " + malformed, Map.of(), malformed);
        }
    }
}
