package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.RaftHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins a damaged index anew, of all replicas since it is one database. */
final class IndexRenewal {
    private static final Logger log = LoggerFactory.getLogger(IndexRenewal.class);

    /** Opens a closed replica from its files. */
    interface Reopening {
        void reopen(PartitionId id) throws IOException;
    }

    private IndexRenewal() {}

    /**
     * Closes the replicas and opens them again on an empty index, into which each puts its part. Nobody else may open or
     * close one meanwhile.
     *
     * @param found the replica that met the damage; if it was helped meanwhile, nothing happens
     */
    static void run(
            PartitionReplica found,
            Collection<PartitionReplica> replicas,
            RaftHost host,
            SharedIndex index,
            Reopening reopening)
            throws IOException {
        if (Damage.of(found.failure()) == Damage.INDEX) {
            renew(found.failure().orElseThrow(), replicas, host, index, reopening);
        }
    }

    /** As {@link #run}, for damage that was met while no replica was concerned. */
    static void renew(
            Throwable damage,
            Collection<PartitionReplica> replicas,
            RaftHost host,
            SharedIndex index,
            Reopening reopening)
            throws IOException {
        IOException reason = new IOException("the index of this broker is built anew", damage);
        log.error("the index is damaged, all replicas are closed until it is built anew", reason);
        List<PartitionReplica> closed = new ArrayList<>();
        for (PartitionReplica replica : replicas) {
            if (!replica.hasFailed() || Damage.of(replica.failure()) == Damage.INDEX) {
                host.suspend(replica.groupId());
                replica.pause(reason);
                closed.add(replica);
            }
        }
        index.renew();
        for (PartitionReplica replica : closed) {
            try {
                reopening.reopen(replica.id());
            } catch (IOException untrusted) { // it has failed for that, and the others go on
                log.error("a replica does not open with the new index partition={}", replica.id(), untrusted);
            }
        }
    }
}
