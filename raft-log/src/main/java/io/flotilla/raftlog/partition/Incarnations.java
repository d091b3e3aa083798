package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.RaftHost;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a broker's replica when its partition, having lost a majority for good, goes on as another incarnation:
 * the survivor's founds the new Raft group with all that it has, and any other is put aside, to be made anew.
 *
 * <p>Threading: the caller holds the lock of the replicas' owner.
 */
final class Incarnations {
    private static final Logger log = LoggerFactory.getLogger(Incarnations.class);

    private final ReplicaFolders folders;
    private final Owner owner;

    /** What the owner of the replicas does. */
    interface Owner {
        /** Lists another replica of the partition, of this incarnation. */
        PartitionReplica replace(PartitionReplica former, int incarnation);

        /** Forgets all that is known of a replica but its files. */
        void forget(PartitionId id);
    }

    Incarnations(ReplicaFolders folders, Owner owner) {
        this.folders = folders;
        this.owner = owner;
    }

    /**
     * Makes the replica the first of the partition's next incarnation. A crash in between is of no consequence: the mark
     * comes first, and the call is repeated.
     *
     * @param epochMin the new group's leaders have higher epochs
     */
    void recover(PartitionReplica before, int incarnation, int epochMin, RaftHost host) throws IOException {
        PartitionId id = before.id();
        IncarnationMark mark = folders.incarnation(id);
        if (mark.incarnation() >= incarnation && !mark.isUnfinished()) {
            return;
        }
        GroupId lost = id.groupId(mark.madeOf());
        GroupId heir = id.groupId(incarnation);
        log.warn(
                "recovering a partition from this replica alone partition={} incarnation={} highWatermark={}",
                id,
                incarnation,
                before.highWatermark());
        IncarnationMark begun = new IncarnationMark(incarnation, mark.madeOf(), IncarnationMark.UNKNOWN);
        begun.write(folders.of(id));
        host.suspend(lost); // first, so that its last checkpoint is that of a sound replica
        before.pause(new IOException("its partition goes on as incarnation " + incarnation));
        PartitionReplica replica = before.groupId().equals(heir) ? before : owner.replace(before, incarnation);
        replica.resuming();
        try {
            host.inherit(lost, heir, epochMin);
            finish(replica);
            replica.attach(host.resume(heir));
        } catch (IOException | RuntimeException failure) {
            replica.failed(failure);
            throw failure;
        }
    }

    /**
     * Tells that a replica's new group has its Raft files; a replica of which that is known is left as it is. To be called
     * before it takes records.
     */
    void finish(PartitionReplica replica) throws IOException {
        PartitionId id = replica.id();
        IncarnationMark mark = folders.incarnation(id);
        if (!mark.isUnfinished()) {
            return;
        }
        long end = CheckpointFile.read(folders.of(id), id).end().endOffset();
        mark.finished(end).write(folders.of(id));
        log.warn(
                "recovered a partition from this replica alone: what only others had is lost partition={}"
                        + " incarnation={} logEndOffset={}",
                id,
                mark.incarnation(),
                end);
    }

    /** Stops a replica of an incarnation that was given up, and puts its files aside for a person to look at. */
    void putAside(PartitionReplica replica, RaftHost host) throws IOException {
        PartitionId id = replica.id();
        host.suspend(replica.groupId());
        replica.pause(new IOException("its partition goes on without it"));
        Path quarantine = folders.putAside(id); // first: without it the Raft files are nobody's
        log.warn(
                "a replica was given up when its partition was recovered from another one, its files go to {}"
                        + " partition={} highWatermark={}",
                quarantine,
                id,
                replica.highWatermark());
        host.retire(replica.groupId());
        owner.forget(id);
    }

    /** What a replica that was not recovered to its end says of itself until that goes on. */
    static IOException interrupted(PartitionReplica replica) {
        return new IOException("the recovery of partition " + replica.id()
                + " from this replica was interrupted; it goes on as soon as the cluster's metadata is here");
    }
}
