package io.flotilla.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where other voters' metadata is read. Calls wait for their answer, a bounded time.
 *
 * <p>Threading: safe for all threads.
 */
@FunctionalInterface
public interface SnapshotSource {
    /** Nobody to ask: the metadata's Raft log is then kept for as long as a voter lacks something of it. */
    SnapshotSource NONE = minIndex -> {
        throw new IOException("no other voter of the metadata is known");
    };

    /**
     * Asks the other voters, the leader first.
     *
     * @param minIndex the snapshot must hold this entry of the Raft log
     * @return what {@link MetadataReplica#snapshot} answered there
     * @throws IOException if nobody answers with one; trying again later may help
     */
    ByteBuffer read(long minIndex) throws IOException;
}
