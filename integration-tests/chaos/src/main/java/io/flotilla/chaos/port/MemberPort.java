package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A member of a consumer group. To let it crash, close the {@link ClientPort} it came from. */
public interface MemberPort extends AutoCloseable {
    /** Where a partition that was just assigned will be read next. */
    Answer<Long> position(Place place);

    /** As {@link ReaderPort#poll}, of what the group gave to this member. */
    List<Received> poll(Duration timeout) throws OutOfRange;

    /** Reads an assigned partition from this offset next. */
    void seek(Place place, long offset);

    /** Commits next offsets of assigned partitions, and waits for the answer. */
    Answer<Boolean> commit(Map<Place, Long> offsets);

    /** The same without waiting; the future completes normally. */
    CompletableFuture<Answer<Boolean>> commitAsync(Map<Place, Long> offsets);

    /** Leaves the group. */
    @Override
    void close();
}
