package io.flotilla.metadata;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The last few images of this replica, from which a broker that comes back can be led on without a whole one. They share
 * most of what they hold, so what one more costs is its maps of topics.
 *
 * <p>Threading: safe for all threads.
 */
final class RecentImages {
    /** Versions that a broker may have missed while it looked for another voter. */
    static final int IMAGES_MAX = 64;

    /** Topics in the maps of all of them, at about 100 bytes each; a single image is kept however large it is. */
    static final long TOPICS_MAX = 200_000;

    private final Deque<MetadataImage> images = new ArrayDeque<>();
    private long topics;

    /** @param newest later than all before */
    synchronized void add(MetadataImage newest) {
        images.addLast(newest);
        topics += topicsOf(newest);
        while (images.size() > 1 && (images.size() > IMAGES_MAX || topics > TOPICS_MAX)) {
            topics -= topicsOf(images.removeFirst());
        }
    }

    synchronized Optional<MetadataImage> at(long version) {
        return images.stream().filter(image -> image.version() == version).findFirst();
    }

    private static int topicsOf(MetadataImage image) {
        return image.topics().size() + image.deletedTopics().size();
    }
}
