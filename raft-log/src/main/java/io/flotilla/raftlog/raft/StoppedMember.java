package io.flotilla.raftlog.raft;

import java.io.IOException;

/**
 * A member has stopped though nothing of it is damaged and its disk has not failed: it was not among its group's peers any
 * more, or its process stood still for too long. {@link RaftHost#resume} opens it again from its files.
 */
public final class StoppedMember extends IOException {
    private static final long serialVersionUID = 1;

    public StoppedMember(String message) {
        super(message);
    }
}
