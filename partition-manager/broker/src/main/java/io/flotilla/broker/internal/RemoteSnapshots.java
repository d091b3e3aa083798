package io.flotilla.broker.internal;

import io.flotilla.metadata.SnapshotSource;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/**
 * The metadata of other voters, over the internal service. A snapshot travels in one message, so it has at most 64 MiB,
 * as has every image that a broker follows.
 *
 * <p>Threading: safe for all threads.
 */
public final class RemoteSnapshots implements SnapshotSource {
    private final GroupId metadataGroup;
    private final GroupBrokers brokers;
    private final BrokerLinks links;

    public RemoteSnapshots(GroupId metadataGroup, GroupBrokers brokers, BrokerLinks links) {
        this.metadataGroup = metadataGroup;
        this.brokers = brokers;
        this.links = links;
    }

    @Override
    public ByteBuffer read(long minIndex) throws IOException {
        IOException refusal = new IOException("no other voter of the metadata is known");
        for (int broker : brokers.of(metadataGroup)) {
            try {
                return Answers.await(links.readMetadataSnapshot(broker, brokers.image(), minIndex));
            } catch (InterruptedIOException stopped) {
                throw stopped;
            } catch (IOException unavailable) {
                unavailable.addSuppressed(refusal);
                refusal = unavailable;
            }
        }
        throw refusal;
    }
}
