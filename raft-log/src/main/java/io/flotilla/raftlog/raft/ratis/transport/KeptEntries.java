package io.flotilla.raftlog.raft.ratis.transport;

import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Lets no follower acknowledge entries it does not have.
 *
 * <p>While entries are being written, Ratis 3.3.0 takes a later request for the same one if it begins with the same entry,
 * though it holds more, as one that is sent again after a loss may ({@code ServerImplUtils.NavigableIndices} compares first
 * indexes only). It drops what is new in it and acknowledges all of it. The leader then counts entries on this follower
 * that it never had: they could be committed on one disk, and the follower never catches up.
 */
final class KeptEntries {
    private KeptEntries() {}

    /**
     * Passes on an answer if the log really has what it acknowledges, durably.
     *
     * @throws IllegalStateException if entries are missing: told so, the leader sends them again
     */
    static AppendEntriesReplyProto require(
            RaftServer.Division member, AppendEntriesRequestProto request, AppendEntriesReplyProto reply) {
        if (reply.getResult() == AppendResult.SUCCESS && request.getEntriesCount() > 0) {
            LogEntryProto last = request.getEntries(request.getEntriesCount() - 1);
            RaftLog log = member.getRaftLog();
            TermIndex there = log.getTermIndex(last.getIndex());
            if (there == null || there.getTerm() != last.getTerm() || log.getFlushIndex() < last.getIndex()) {
                throw new IllegalStateException("entry " + last.getIndex() + " of term " + last.getTerm()
                        + " is not in the log, which is durable up to " + log.getFlushIndex());
            }
        }
        return reply;
    }
}
