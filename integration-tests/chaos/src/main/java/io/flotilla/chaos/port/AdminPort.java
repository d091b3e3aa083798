package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Place;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Questions about topics, and changes of them. Each call blocks up to the client's timeout. */
public interface AdminPort {
    Answer<Boolean> create(String topic, int partitions, int replicas, Map<String, String> settings);

    /** Deletes a topic and its records for good. */
    Answer<Boolean> delete(String topic);

    Answer<Boolean> alter(String topic, Map<String, String> settings);

    /** A topic's own settings as of some moment during the call; an OK with nothing inside means that there is no topic. */
    Answer<Optional<Map<String, String>>> describe(String topic);

    /** Offset of the first record that can be read. */
    Answer<Long> logStart(Place place);

    /** First offset not yet committed; it covers every record acknowledged before the call. */
    Answer<Long> logEnd(Place place);

    /** Deletes the records before an offset, and answers the log start offset afterwards. */
    Answer<Long> trim(Place place, long offset);

    /** What a group has committed for a partition; empty if nothing. */
    Answer<OptionalLong> committed(String group, Place place);
}
