package io.flotilla.raftlog.catchup;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;

/**
 * A replica that is to be fetched.
 *
 * @param minIndex entry of the Raft log that it must hold
 * @param staged   where it goes
 * @param check    looks into a manifest before anything is fetched
 * @param repair   whether the replica's own files are damaged: it is fetched however long that takes, and what it
 *                 replaces is kept
 */
public record FetchRequest(GroupId group, long minIndex, StagedReplica staged, ManifestCheck check, boolean repair) {
    /** Knows the checkpoint's form. */
    @FunctionalInterface
    public interface ManifestCheck {
        /**
         * @return offset behind the last record of the replica that the manifest describes
         * @throws IOException if its checkpoint is corrupt, or of another replica than the one asked for
         */
        long endOffsetOf(ReplicaManifest manifest) throws IOException;
    }
}
