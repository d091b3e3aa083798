package io.flotilla.chaos.port;

/** The next offset of a reader is not, or no longer, in its partition. */
public final class OutOfRange extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final long logStart;
    private final long logEnd;

    public OutOfRange(String message, long offset, long logStart, long logEnd) {
        super(message);
        this.offset = offset;
        this.logStart = logStart;
        this.logEnd = logEnd;
    }

    /** That was asked for. */
    public long offset() {
        return offset;
    }

    /** First offset that can be read, as the broker says. */
    public long logStart() {
        return logStart;
    }

    /** First offset not yet committed, as the broker says. */
    public long logEnd() {
        return logEnd;
    }
}
