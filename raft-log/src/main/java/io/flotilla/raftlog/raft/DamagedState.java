package io.flotilla.raftlog.raft;

import java.io.IOException;

/** The files of a state are damaged, so that it does not open; fetched from another member it can. */
public final class DamagedState extends IOException {
    private static final long serialVersionUID = 1;

    private final transient LogPosition durable;

    /**
     * @param durable position up to which the state was durable, {@link LogPosition#NONE} if even that is not known
     */
    public DamagedState(String message, LogPosition durable, Throwable cause) {
        super(message, cause);
        this.durable = durable;
    }

    public LogPosition durable() {
        return durable;
    }
}
