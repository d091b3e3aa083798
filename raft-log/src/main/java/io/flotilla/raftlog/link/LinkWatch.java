package io.flotilla.raftlog.link;

/**
 * Told of every connection of a host.
 *
 * <p>Threading: called on the connections' event loops; must be quick and must not throw.
 */
public interface LinkWatch {
    /** For hosts whose connections nobody breaks. */
    LinkWatch NONE = new LinkWatch() {
        @Override
        public void opened(Link link) {}

        @Override
        public void closed(Link link) {}
    };

    /** A connection is open; nothing has gone over it. Held here, nothing will. */
    void opened(Link link);

    /** A connection has ended; follows each {@link #opened}. */
    void closed(Link link);
}
