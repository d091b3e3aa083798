package io.flotilla.raftlog.raft;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * How a member gets a state that its group's log can give it no more, because the others have purged the entries it
 * lacks. The state in use stays as it is until {@link #install}.
 */
public interface CatchUp {
    /**
     * Fetches the state of another member to this one's disk. Must not block; runs beside all other calls.
     *
     * @param minIndex the state fetched must hold this entry
     * @return completes with the position of the state that is complete and durable then: a restart opens it even if
     *     {@link #install} was not called. Fails if nobody gives it; the leader will ask again
     */
    CompletableFuture<LogPosition> fetch(long minIndex);

    /**
     * Changes over to what was fetched last, unless the state in use is as new. Never runs beside
     * {@link ReplicatedState#apply} and the calls it is kept apart from.
     *
     * @return the position of the state in use from now on
     */
    LogPosition install() throws IOException;

    /**
     * The position at which the state was fetched, {@link LogPosition#NONE} if it never was. While the durable position
     * is still this one, the member's own log need not reach it.
     */
    LogPosition fetchedPosition() throws IOException;
}
