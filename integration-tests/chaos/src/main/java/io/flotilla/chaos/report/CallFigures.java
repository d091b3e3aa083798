package io.flotilla.chaos.report;

/**
 * Calls of one kind in numbers.
 *
 * @param kind      {@code send}, {@code commit}, {@code trim}, {@code admin}
 * @param open      never answered
 * @param p50Micros of those that were ok, -1 if there were none, as are the next three
 */
public record CallFigures(
        String kind,
        long ok,
        long failed,
        long unknown,
        long open,
        long p50Micros,
        long p99Micros,
        long p999Micros,
        long maxMicros) {}
