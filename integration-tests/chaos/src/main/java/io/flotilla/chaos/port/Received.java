package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Place;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read; its arrays are not copied.
 *
 * @param timestampMillis as the broker stored it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Received(
        Place place, long offset, long timestampMillis, byte @Nullable [] key, byte @Nullable [] value) {}
