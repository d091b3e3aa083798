package io.flotilla.broker.group;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * When records were made, kept while they are somebody's next one: a group that stands still costs no read. Each is asked
 * anew now and then, since records go when their partition is trimmed.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class RecordTimes {
    /** For as long the time of a record that has been trimmed can be told. */
    static final Duration KEPT = Duration.ofMinutes(5);

    private record Known(long timestampMillis, long learnedMillis) {}

    @GuardedBy("this")
    private final Map<RecordPosition, Known> known = new HashMap<>();

    /**
     * @param nowMillis time of any clock that goes on evenly, the same one in all calls
     */
    synchronized Map<RecordPosition, OptionalLong> known(long nowMillis) {
        known.values().removeIf(time -> nowMillis - time.learnedMillis() >= KEPT.toMillis());
        Map<RecordPosition, OptionalLong> times = new HashMap<>();
        known.forEach((position, time) -> times.put(position, OptionalLong.of(time.timestampMillis())));
        return times;
    }

    /** Takes over what is new, and forgets all but these positions. Where no record is yet, one may come at any moment. */
    synchronized void learn(
            Map<RecordPosition, OptionalLong> timestamps, Set<RecordPosition> stillWanted, long nowMillis) {
        timestamps.forEach((position, timestamp) -> {
            if (timestamp.isPresent()) {
                known.putIfAbsent(position, new Known(timestamp.getAsLong(), nowMillis));
            }
        });
        known.keySet().retainAll(stillWanted);
    }
}
