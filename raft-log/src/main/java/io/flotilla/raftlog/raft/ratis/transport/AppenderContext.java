package io.flotilla.raftlog.raft.ratis.transport;

import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.protocol.RaftPeerId;

/** What the appenders of one server share. */
interface AppenderContext {
    Wire wire();

    FairTurns turns();

    CallIds calls();

    DurableVotes votes();

    PeerBudget budgetOf(RaftPeerId follower);

    void sendHeartbeats(RaftPeerId follower, List<AppendEntriesRequestProto> heartbeats);

    /** Runs what may wait for a server's lock or the disk, beside the turns. */
    void mayBlock(Runnable task);

    void started(PipelinedAppender appender);

    void stopped(PipelinedAppender appender);

    int requestsInFlightMax();

    long bytesInFlightMax();

    /** How often the clock beats. */
    long beatMillis();

    /** Longest time a follower goes without a request, in milliseconds. */
    long heartbeatMillis();

    long requestTimeoutMillis();
}
