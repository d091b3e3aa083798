package io.flotilla.manager;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.raftlog.partition.Partition.Listening;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The cluster's metadata as one broker sees it, wherever the voters are.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
public interface ClusterMetadata {
    /** The newest image known here: it may lag behind the voters, and its version never goes back. */
    MetadataImage image();

    /**
     * Calls the listener with newer images, one call at a time, skipping images that are outdated before the listener
     * is free. It is called on a thread that others share, so it must hand work off.
     */
    Listening listen(Consumer<MetadataImage> listener);

    /**
     * Has a command applied by the metadata's leader, whoever that is. A rejection is an outcome; the future fails
     * with a retriable {@link io.flotilla.protocol.error.LogException} if no leader could be reached in time, in which
     * case the command may or may not be applied.
     */
    CompletableFuture<Outcome> submit(MetadataCommand command);
}
