package io.flotilla.broker.metadata;

import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.partition.Partition.Listening;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Lets who changed the metadata see the change here before it is told of it. */
public final class ImageAwaiter {
    private ImageAwaiter() {}

    /**
     * Completes with the first image of at least this version, or with the newest one known when time is up: the change
     * is made either way, and the image follows.
     */
    public static CompletableFuture<MetadataImage> atLeast(ClusterMetadata metadata, long version, Duration atMost) {
        CompletableFuture<MetadataImage> reached = new CompletableFuture<>();
        Listening listening = metadata.listen(image -> {
            if (image.version() >= version) {
                reached.complete(image);
            }
        });
        return reached.completeOnTimeout(metadata.image(), atMost.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(image -> {
                    listening.close();
                    return newest(metadata.image(), image);
                });
    }

    private static MetadataImage newest(MetadataImage left, MetadataImage right) {
        return left.version() >= right.version() ? left : right;
    }
}
