package io.flotilla.chaos.report;

/**
 * What producers and consumers saw in one second of a run, by the time at which sends were answered.
 *
 * @param ok               sends
 * @param failed           sends that have definitely not happened
 * @param unknown          sends whose outcome is not known
 * @param polled           records
 * @param p50Micros        of the sends that were ok, -1 if there were none, as are the next three
 * @param failedMaxMicros  longest time until a failure, -1 for none
 * @param unknownMaxMicros longest time until an unknown outcome, -1 for none
 * @param unseen           records acknowledged and not yet polled by anybody, at the end of the second
 */
public record Second(
        long ok,
        long failed,
        long unknown,
        long polled,
        long p50Micros,
        long p99Micros,
        long p999Micros,
        long maxMicros,
        long failedMaxMicros,
        long unknownMaxMicros,
        long unseen) {}
