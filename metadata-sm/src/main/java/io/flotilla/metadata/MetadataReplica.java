package io.flotilla.metadata;

import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One voter of the metadata group: signatures for those who build on it, the inside follows. */
@SuppressWarnings("DoNotCallSuggester") // until the inside is there
public final class MetadataReplica implements AutoCloseable {
    private final MetadataImage image;

    private MetadataReplica(String clusterId) {
        this.image = MetadataImage.empty(clusterId);
    }

    /** Opens the replica; the caller closes it after the host of its group. */
    public static MetadataReplica open(Path directory, String clusterId) throws IOException {
        return new MetadataReplica(clusterId);
    }

    /** The metadata group of a cluster: the same on every broker without asking anybody. */
    public static GroupId groupIdOf(String clusterId) {
        return new GroupId(UUID.nameUUIDFromBytes(("flotilla-metadata:" + clusterId).getBytes(StandardCharsets.UTF_8)));
    }

    /** What the host's factory answers for {@link #groupIdOf}. */
    public ReplicatedState state() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Gives the replica its group, once the host has opened or created it. */
    public void attach(ReplicatedGroup group) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** The newest image applied here, without waiting. */
    public MetadataImage image() {
        return image;
    }

    /** Calls the listener with the present image and then after changes; the newest only, if it is slow. */
    public Listening listen(Consumer<MetadataImage> listener) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Replicates a command; fails like {@link ReplicatedGroup#propose}. A rejection is an outcome, not a failure. */
    public CompletableFuture<Outcome> propose(MetadataCommand command) {
        throw new UnsupportedOperationException("not built yet");
    }

    public Leadership leadership() {
        return Leadership.UNKNOWN;
    }

    @Override
    public void close() {}
}
