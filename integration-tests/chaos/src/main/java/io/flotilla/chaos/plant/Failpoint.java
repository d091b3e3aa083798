package io.flotilla.chaos.plant;

import java.util.Locale;

/** Places in a broker's code, each between two durable steps, at which it can be made to fail. */
public enum Failpoint {
    /** An entry is to be written to the Raft log. */
    RAFT_LOG_APPEND,
    /** Entries are written to the Raft log, and not synced. */
    RAFT_LOG_SYNC,
    /** Entries are synced, and nobody knows. */
    RAFT_LOG_SYNCED,
    /** Term and vote are in their file, whose folder is not synced; no answer has left. */
    VOTE_WRITTEN,
    /** A committed batch is to be appended to its segment. */
    SEGMENT_APPEND,
    /** Batches are in the segment, and not in the index. */
    INDEX_WRITE,
    /** Batches are in segment and index, readers do not see them, and no position says that they were applied. */
    APPLIED,
    /** A segment is to be synced. */
    SEGMENT_SYNC,
    /** A checkpoint's segments are synced, its place in the index is not. */
    CHECKPOINT_INDEX,
    /** A checkpoint's segments and index are durable, its file is not written. */
    CHECKPOINT_WRITE,
    /** A checkpoint is durable; what it no longer needs is not deleted. */
    CHECKPOINT_WRITTEN,
    /** A file that replaces another has its new content under another name. */
    FILE_RENAME,
    /** A file was replaced, and its folder is not synced. */
    FOLDER_SYNC,
    /** An entry is applied, and whoever proposed it has no answer. */
    REPLY;

    /** How it is called in faults' parameters, rules and counters: {@code raft-log-append}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static Failpoint parse(String id) {
        for (Failpoint point : values()) {
            if (point.id().equals(id)) {
                return point;
            }
        }
        throw new IllegalArgumentException("there is no failpoint '" + id + "'; write one as " + REPLY.id());
    }
}
