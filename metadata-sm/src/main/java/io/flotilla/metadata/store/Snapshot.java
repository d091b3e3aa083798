package io.flotilla.metadata.store;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.raft.LogPosition;

/**
 * An image and the Raft position it stands for.
 *
 * @param position the last entry whose effect is in the image
 * @param fetched  whether it came from another voter, so that this one's Raft log need not reach the position
 */
public record Snapshot(LogPosition position, MetadataImage image, boolean fetched) {
    /** One that this voter's own log has led to. */
    public Snapshot(LogPosition position, MetadataImage image) {
        this(position, image, false);
    }
}
