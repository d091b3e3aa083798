package io.flotilla.raftlog.raft;

import java.util.UUID;

/** Names one Raft group, the same on every broker. */
public record GroupId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
