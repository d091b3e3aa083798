/**
 * Our port to consensus. A {@link io.flotilla.raftlog.raft.RaftHost} is this process's member of any number of Raft
 * groups; each {@link io.flotilla.raftlog.raft.ReplicatedGroup} carries entries to a
 * {@link io.flotilla.raftlog.raft.ReplicatedState}, which the owner of the data implements. Nothing here names the
 * library that does the work: that is the business of the sub-package alone.
 */
@NullMarked
package io.flotilla.raftlog.raft;

import org.jspecify.annotations.NullMarked;
