package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Reads partitions from given offsets, as a consumer without a group. */
public interface ReaderPort extends AutoCloseable {
    /** Reads exactly these partitions from now on, each from its offset. */
    void assign(Map<Place, Long> offsets);

    /** Reads an assigned partition from this offset next. */
    void seek(Place place, long offset);

    /**
     * Waits up to {@code timeout} for records; those of one partition come in order.
     *
     * @return none if there are none in time, or if the cluster does not answer
     * @throws OutOfRange if an offset is outside its partition; where several are assigned it is not known which
     */
    List<Received> poll(Duration timeout) throws OutOfRange;

    /** The last failure that made a poll return nothing, empty if there was none since it was asked for last. */
    String takeError();

    @Override
    void close();
}
