package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Place;
import org.jspecify.annotations.Nullable;

/**
 * One example of a violation.
 *
 * @param nanos  when it showed; -1 if only the final read showed it
 * @param place  where, null if nowhere in particular
 * @param offset of the record, -1 for none
 * @param value  by {@link Value#of}, or 0 for none
 */
record Violation(
        CheckId id, String text, long nanos, @Nullable Place place, long offset, long value) {
    boolean isOfRecord() {
        return place != null && (offset >= 0 || value != 0);
    }
}
