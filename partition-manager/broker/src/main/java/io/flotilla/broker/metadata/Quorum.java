package io.flotilla.broker.metadata;

import java.util.List;
import java.util.Optional;

/**
 * Who holds the metadata.
 *
 * @param leader broker id, empty while none is known
 * @param voters broker ids
 */
public record Quorum(Optional<Integer> leader, List<Integer> voters) {
    public Quorum {
        voters = List.copyOf(voters);
    }
}
