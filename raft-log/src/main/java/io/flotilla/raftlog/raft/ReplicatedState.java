package io.flotilla.raftlog.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a group replicates: the state machine of the Raft paper, as its owner sees it.
 *
 * <p>Threading: {@link #open}, {@link #apply}, {@link #applied}, {@link #checkpoint}, {@link CatchUp#install} and
 * {@link #close} never run at the same time. {@link #leadershipChanged} and {@link #failed} may run on any thread and must hand work off.
 */
public interface ReplicatedState extends AutoCloseable {
    /**
     * Loads the newest durable checkpoint and drops what lies beyond it. The group then applies every committed entry
     * behind the position returned.
     *
     * @return position of the last entry whose effects are durable, {@link LogPosition#NONE} for an empty state
     * @throws IOException if the state cannot be trusted; the member then does not start
     */
    LogPosition open() throws IOException;

    /**
     * Applies one committed entry, in log order. Must depend on nothing but the state and the entry.
     *
     * @param entry read-only and valid during the call only
     * @return the answer for the proposer; a member that did not propose ignores it
     * @throws IOException if the effects could not be written: the member stops at once. A refusal is an answer, never
     *     an exception.
     */
    ByteBuffer apply(LogPosition position, ByteBuffer entry) throws IOException;

    /** An entry of the group itself (leader start, configuration) was committed at this position. */
    void applied(LogPosition position);

    /**
     * Returns the newest position whose effects are durable, and may start to make more durable. Never blocks for
     * long: the log behind the position returned may be deleted.
     */
    LogPosition checkpoint() throws IOException;

    /**
     * How this state catches up when the log cannot help. If empty, the group's log is kept for as long as any peer
     * lacks something of it. The same for all members of a group.
     */
    default Optional<CatchUp> catchUp() {
        return Optional.empty();
    }

    /** The member's view of leadership changed. */
    void leadershipChanged(Leadership leadership);

    /** The member stopped for a cause of its own, such as an IO error in the Raft log. It votes and serves no more. */
    void failed(Throwable cause);

    /** Makes all effects durable and releases resources. May be called twice. */
    @Override
    void close() throws IOException;
}
