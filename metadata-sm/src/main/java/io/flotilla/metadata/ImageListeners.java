package io.flotilla.metadata;

import io.flotilla.raftlog.partition.Partition.Listening;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who follow the image. A slow listener misses images in between, never the newest.
 *
 * <p>Threading: listeners are called one after the other on one thread of this object, so the apply thread never waits
 * for them. A listener whose registration was closed may still see the end of a call that had begun.
 */
final class ImageListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImageListeners.class);

    private static final long NOTHING_SEEN = -1;

    private final Supplier<MetadataImage> newest;
    private final List<Registration> registrations = new CopyOnWriteArrayList<>();
    private final ConflatedTask delivery = new ConflatedTask("metadata-listeners", this::deliver);

    ImageListeners(Supplier<MetadataImage> newest) {
        this.newest = newest;
    }

    Listening add(Consumer<MetadataImage> listener) {
        Registration registration = new Registration(listener);
        registrations.add(registration);
        delivery.wake();
        return () -> registrations.remove(registration);
    }

    /** Says that there is a newer image. */
    void imageChanged() {
        delivery.wake();
    }

    private void deliver() {
        MetadataImage image = newest.get();
        for (Registration registration : registrations) {
            if (registration.versionSeen != image.version()) {
                registration.versionSeen = image.version();
                try {
                    registration.listener.accept(image);
                } catch (RuntimeException bug) { // one listener's bug must not silence the others
                    LOG.error("a listener failed on the {}", image, bug);
                }
            }
        }
    }

    @Override
    public void close() {
        registrations.clear();
        delivery.close();
    }

    private static final class Registration {
        final Consumer<MetadataImage> listener;
        long versionSeen = NOTHING_SEEN;

        Registration(Consumer<MetadataImage> listener) {
            this.listener = listener;
        }
    }
}
