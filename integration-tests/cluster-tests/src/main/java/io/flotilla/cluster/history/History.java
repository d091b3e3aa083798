package io.flotilla.cluster.history;

import java.util.List;

/**
 * Everything clients did to one topic.
 *
 * @param writes    every value handed to a producer, in any order
 * @param observed  what consumers saw while the cluster was under stress, in the order of each partition; may be empty
 * @param finalRead every record of every partition at the end, in the order in which each partition was read
 */
public record History(List<Write> writes, List<Read> observed, List<Read> finalRead) {
    public History {
        writes = List.copyOf(writes);
        observed = List.copyOf(observed);
        finalRead = List.copyOf(finalRead);
    }
}
