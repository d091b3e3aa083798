package io.flotilla.metadata.store;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.raft.LogPosition;

/**
 * An image and the Raft position it stands for.
 *
 * @param position the last entry whose effect is in the image
 */
public record Snapshot(LogPosition position, MetadataImage image) {}
