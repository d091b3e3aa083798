package io.flotilla.metadata.store;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.group.Groups;
import io.flotilla.raftlog.raft.LogPosition;

/**
 * An image, the consumer groups and the Raft position they stand for.
 *
 * @param position the last entry whose effect is in them
 * @param fetched  whether it came from another voter, so that this one's Raft log need not reach the position
 */
public record Snapshot(LogPosition position, MetadataImage image, Groups groups, boolean fetched) {
    /** One that this voter's own log has led to, of a cluster without consumer groups. */
    public Snapshot(LogPosition position, MetadataImage image) {
        this(position, image, Groups.NONE, false);
    }
}
