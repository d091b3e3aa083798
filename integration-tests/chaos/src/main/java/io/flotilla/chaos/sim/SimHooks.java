package io.flotilla.chaos.sim;

import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.ReplicatedState;

/** Where a test puts something wrong between the parts of a simulation, to see that it is found. */
public interface SimHooks {
    /** Nothing is wrong. */
    SimHooks NONE = new SimHooks() {};

    /** The state of a node's replica, as its Raft member sees it. */
    default ReplicatedState state(int node, ReplicatedState real) {
        return real;
    }

    /** The node's replica, as producers and readers see it. */
    default Partition partition(int node, Partition real) {
        return real;
    }
}
