package io.flotilla.chaos.run;

import java.util.List;
import java.util.SortedMap;

/**
 * What a run did, in numbers.
 *
 * @param counts     of calls by kind and outcome, of records read, of faults by step
 * @param failovers  of partitions whose leader was struck
 * @param unverified faults that could not be shown to have had an effect, and why
 * @param remarks    what else went wrong with the run itself, such as a replica that could not be read
 * @param seconds    that the run took
 */
public record RunSummary(
        SortedMap<String, Long> counts,
        List<Failovers.Failover> failovers,
        List<String> unverified,
        List<String> remarks,
        long seconds) {}
