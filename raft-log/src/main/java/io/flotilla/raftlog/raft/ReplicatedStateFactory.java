package io.flotilla.raftlog.raft;

import java.util.Optional;

/** Makes the state of a group when its member is about to open. */
@FunctionalInterface
public interface ReplicatedStateFactory {
    /** Returns empty for a group nobody here knows. Called once for each opening; the host owns what it returns. */
    Optional<ReplicatedState> stateOf(GroupId id);
}
