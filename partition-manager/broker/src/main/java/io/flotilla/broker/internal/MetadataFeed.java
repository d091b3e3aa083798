package io.flotilla.broker.internal;

import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.MetadataImage;

/** Who receives a stream of metadata. Called on a network thread's executor, one call at a time for each stream. */
public interface MetadataFeed {
    /** The group that holds the metadata, as the broker at the other end sees it. */
    void held(Quorum quorum);

    /** @param image no older than the one with which the stream was begun */
    void received(MetadataImage image);

    /** What came does not lead on from the image that is here: the next stream must begin with a whole one. */
    void outOfStep(int brokerId, String reason);

    /** The stream from this broker has ended; nothing more comes of it. Called once for each stream. */
    void ended(int brokerId, String reason);
}
