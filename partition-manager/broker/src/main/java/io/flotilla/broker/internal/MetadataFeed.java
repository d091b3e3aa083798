package io.flotilla.broker.internal;

import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.MetadataImage;

/** Who receives a stream of metadata. Called on a network thread's executor, one call at a time for each stream. */
public interface MetadataFeed {
    void received(MetadataImage image, Quorum quorum);

    /** The stream from this broker has ended; nothing more comes of it. Called once for each stream. */
    void ended(int brokerId, String reason);
}
