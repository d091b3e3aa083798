package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.LogPosition;
import java.util.List;

/**
 * What a member's state has made durable: it survives the member, as long as the test runs.
 *
 * <p>Threading: safe for all threads.
 */
public final class Disk {
    /** @param fetched position at which the content came from another member, {@link LogPosition#NONE} for never */
    record Content(LogPosition position, List<Applied> entries, LogPosition fetched) {
        static final Content EMPTY = new Content(LogPosition.NONE, List.of(), LogPosition.NONE);
    }

    private Content content = Content.EMPTY;

    synchronized Content content() {
        return content;
    }

    synchronized void write(LogPosition position, List<Applied> entries) {
        if (position.index() > content.position().index()) {
            content = new Content(position, entries, content.fetched());
        }
    }

    synchronized void fetched(LogPosition position, List<Applied> entries) {
        if (position.index() > content.position().index()) {
            content = new Content(position, entries, position);
        }
    }
}
