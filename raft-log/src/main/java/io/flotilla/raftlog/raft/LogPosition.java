package io.flotilla.raftlog.raft;

/**
 * The place of an entry in a Raft log.
 *
 * @param term  term of the leader that appended the entry
 * @param index from 0; {@link #NONE} stands before the first entry
 */
public record LogPosition(long term, long index) {
    public static final LogPosition NONE = new LogPosition(0, -1);

    public boolean isNone() {
        return index < 0;
    }
}
