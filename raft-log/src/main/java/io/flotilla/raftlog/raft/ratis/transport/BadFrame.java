package io.flotilla.raftlog.raft.ratis.transport;

/** Bytes on a connection that are none of the protocol's. The connection ends; others do not notice. */
final class BadFrame extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusals.Reason reason;

    BadFrame(Refusals.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    BadFrame(Refusals.Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    Refusals.Reason reason() {
        return reason;
    }
}
