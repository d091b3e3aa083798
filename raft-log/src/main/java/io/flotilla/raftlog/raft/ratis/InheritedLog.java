package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a member that is closed for good, as far as it goes on from a state without a gap. What a majority would
 * have to commit before it is applied is applied at once here: there is none any more.
 */
final class InheritedLog {
    private static final Logger LOG = LoggerFactory.getLogger(InheritedLog.class);

    private final GroupId group;
    private final ReplicatedState state;
    private LogPosition reached;
    private boolean ended;

    private InheritedLog(GroupId group, ReplicatedState state, LogPosition durable) {
        this.group = group;
        this.state = state;
        this.reached = durable;
    }

    /**
     * Applies what is behind the position at which the state is.
     *
     * @param current where the log's files are
     * @return the position of the last entry applied
     */
    static LogPosition apply(GroupId group, Path current, int entryBytesMax, LogPosition durable, ReplicatedState state)
            throws IOException {
        InheritedLog log = new InheritedLog(group, state, durable);
        for (LogFile file : LogFile.in(current)) {
            if (log.ended || (!file.isOpen() && file.last() < durable.index())) {
                continue;
            }
            // A file has a few MiB at most, and the state may fail where the reader could not tell it.
            List<LogEntryProto> entries = new ArrayList<>();
            LogFileReader.read(group, file.path(), entryBytesMax, (term, index, bytes, offset, length, foreign) -> {
                try {
                    return !foreign && entries.add(LogEntryProto.parseFrom(ByteString.copyFrom(bytes, offset, length)));
                } catch (InvalidProtocolBufferException damaged) {
                    return false;
                }
            });
            for (LogEntryProto entry : entries) {
                log.apply(entry);
            }
        }
        return log.reached;
    }

    private void apply(LogEntryProto entry) throws IOException {
        LogPosition position = new LogPosition(entry.getTerm(), entry.getIndex());
        if (ended || position.index() < reached.index()) {
            return;
        }
        boolean same = position.index() == reached.index();
        boolean follows = position.index() == reached.index() + 1 && position.term() >= reached.term();
        if (same ? position.term() != reached.term() : !follows) {
            ended = true;
            LOG.error(
                    "the log of group {} is left out from {} on: it does not go on from {}", group, position, reached);
            return;
        }
        if (same) {
            return;
        }
        if (entry.hasStateMachineLogEntry()) {
            state.apply(position, entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        } else {
            state.applied(position);
        }
        reached = position;
    }
}
