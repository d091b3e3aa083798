package io.flotilla.raftlog.raft;

import java.io.IOException;

/**
 * What a member remembers of its group, its log, vote or peers, is lost or damaged, so that it must not vote any more
 * as the peer it was. Taken out of its group it can come back with nothing to remember: {@link RaftHost#rejoin}.
 */
public final class DamagedMember extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedMember(String message) {
        super(message);
    }

    public DamagedMember(String message, Throwable cause) {
        super(message, cause);
    }
}
