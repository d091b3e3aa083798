package io.flotilla.raftlog.partition;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a partition's Raft group replicates: one entry of its log. {@link EntryHeader} has the form they share. */
sealed interface PartitionEntry permits AppendEntry, AdvanceLogStart {
    PartitionId partition();

    /** Wall clock of the proposer, milliseconds since the epoch. */
    long proposedAtMillis();

    <R> R match(Cases<R> cases) throws IOException;

    /** One method for each kind. */
    interface Cases<R> {
        R append(AppendEntry entry) throws IOException;

        R advanceLogStart(AdvanceLogStart entry) throws IOException;
    }

    /**
     * Views an entry from its position to its limit.
     *
     * @throws IOException if it is not an entry of a known version and kind, or does not agree with its checksums: it
     *     was corrupted, or written by a newer release
     */
    static PartitionEntry decode(ByteBuffer entry) throws IOException {
        ByteBuffer bytes = entry.slice();
        EntryHeader header = EntryHeader.decode(bytes);
        return switch (header.kind()) {
            case APPEND -> AppendEntry.decode(header, bytes);
            case ADVANCE_LOG_START -> AdvanceLogStart.decode(header, bytes);
        };
    }
}
