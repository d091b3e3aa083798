package io.flotilla.broker.metadata;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.raftlog.partition.Partition.Listening;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Metadata that comes from another source when this broker becomes a voter, or is one no more. Who uses it does not notice.
 *
 * <p>Threading: {@link #switchTo} and {@link #close} are called by one thread at a time, the rest by any.
 */
public final class SwitchingMetadata implements BrokerMetadata {
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private volatile BrokerMetadata source;
    private Listening listening = () -> {};
    private long newestVersion;

    private SwitchingMetadata(BrokerMetadata source) {
        this.source = source;
    }

    /** The result owns the source. */
    public static SwitchingMetadata from(BrokerMetadata source) {
        SwitchingMetadata metadata = new SwitchingMetadata(source);
        metadata.listening = source.listen(metadata::received);
        return metadata;
    }

    /**
     * Changes over to another source.
     *
     * @param next has an image that is as new as the present one
     * @return the source of before, which the caller closes
     */
    public BrokerMetadata switchTo(BrokerMetadata next) {
        BrokerMetadata before = source;
        Listening beforeListening = listening;
        source = next;
        listening = next.listen(this::received);
        beforeListening.close();
        return before;
    }

    private synchronized void received(MetadataImage image) {
        // The same version again corrects one of another history.
        if (image.version() >= newestVersion) {
            newestVersion = image.version();
            listeners.forEach(listener -> listener.consumer.accept(image));
        }
    }

    @Override
    public MetadataImage image() {
        return source.image();
    }

    @Override
    public synchronized Listening listen(Consumer<MetadataImage> listener) {
        Listener registered = new Listener(listener);
        listeners.add(registered);
        listener.accept(image());
        return () -> listeners.remove(registered);
    }

    @Override
    public CompletableFuture<Outcome> submit(MetadataCommand command) {
        return source.submit(command);
    }

    @Override
    public Quorum quorum() {
        return source.quorum();
    }

    @Override
    public void close() {
        listening.close();
        source.close();
    }

    /** Equal to itself only, so that one consumer may register twice. */
    private static final class Listener {
        private final Consumer<MetadataImage> consumer;

        Listener(Consumer<MetadataImage> consumer) {
            this.consumer = consumer;
        }
    }
}
