package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;

/** What one command did: the next image, and the answer to its proposer. A rejection leaves the image as it was. */
public record Applied(MetadataImage image, Outcome outcome) {
    static Applied accepted(MetadataImage next, Result result) {
        return new Applied(next, new Outcome.Accepted(next.version(), result));
    }

    static Applied rejected(MetadataImage before, Outcome.Rejected rejection) {
        return new Applied(before, rejection);
    }
}
