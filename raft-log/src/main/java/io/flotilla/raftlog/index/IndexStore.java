package io.flotilla.raftlog.index;

import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.util.Set;

/** The index of every log of a broker. */
public interface IndexStore extends AutoCloseable {
    /** The part that belongs to the log of this group; of no effect until something is added. */
    LogIndex of(GroupId log);

    /** The logs that have a mark. */
    Set<GroupId> logs() throws IOException;

    /** May be called twice. No log's part may be used afterwards. */
    @Override
    void close() throws IOException;
}
