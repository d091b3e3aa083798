package io.flotilla.simulation.storage;

import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.simulation.disk.SyncRule;

/** What the storage runs on. A machine that lies must be found out, or a simulation proves nothing. */
public interface Machine {
    Machine HONEST = new Machine() {};

    /** What becomes of syncs of the disk. */
    default SyncRule syncRule() {
        return SyncRule.HONEST;
    }

    /** The index as the storage sees it. */
    default LogIndex indexSeen(SimulatedIndex index) {
        return index;
    }

    /** Index of the first Raft entry that comes again after a recovery. */
    default long replayFrom(LogPosition recovered) {
        return recovered.index() + 1;
    }
}
