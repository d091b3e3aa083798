package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.group.Groups;
import java.util.Optional;

/**
 * What one command did: the next image and groups, and the answer to its proposer. A rejection leaves all as it was.
 *
 * @param changedGroups empty if they stay as they were
 */
public record Applied(MetadataImage image, Optional<Groups> changedGroups, Outcome outcome) {
    Applied(MetadataImage image, Outcome outcome) {
        this(image, Optional.empty(), outcome);
    }

    static Applied accepted(MetadataImage next, Result result) {
        return new Applied(next, new Outcome.Accepted(next.version(), result));
    }

    static Applied rejected(MetadataImage before, Outcome.Rejected rejection) {
        return new Applied(before, rejection);
    }
}
