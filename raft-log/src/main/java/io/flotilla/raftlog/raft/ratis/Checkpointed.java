package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.LogPosition;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;

/** A checkpoint as Ratis sees it: a snapshot without files. Immutable, since Ratis asks on every append and vote. */
record Checkpointed(TermIndex termIndex) implements SnapshotInfo {
    static Checkpointed at(LogPosition position) {
        return new Checkpointed(TermIndex.valueOf(position.term(), position.index()));
    }

    @Override
    public TermIndex getTermIndex() {
        return termIndex;
    }

    @Override
    public List<FileInfo> getFiles() {
        return List.of();
    }
}
