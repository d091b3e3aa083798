package io.flotilla.chaos.port;

/**
 * A client of the cluster with connections of its own. Whoever opens one closes it; what came from it ends with it, as if
 * the client's process had died.
 *
 * <p>Threading: safe; what it opens belongs to one thread each.
 */
public interface ClientPort extends AutoCloseable {
    ProducerPort producer(ProducerOptions options);

    /** @param pollRecordsMax of one poll, 1 or more */
    ReaderPort reader(int pollRecordsMax);

    MemberPort member(MemberOptions options, MemberListener listener);

    AdminPort admin();

    @Override
    void close();
}
