package io.flotilla.broker.metadata;

import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.MetadataFeed;
import io.flotilla.broker.internal.VoterContacts;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.raftlog.partition.Partition.Listening;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata followed from one of the voters; another one is tried when the stream ends, and whoever may know where they are
 * is asked.
 *
 * <p>Threading: every method may be called by any thread. Images arrive one at a time and listeners run on the thread
 * that brings them.
 */
public final class FollowedMetadata implements BrokerMetadata, MetadataFeed {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedMetadata.class);

    /** Pause before the next voter is tried. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(300);

    private final int self;
    private final BrokerLinks links;
    private final VoterContacts contacts;
    private final ScheduledExecutorService timer;
    private final CommandForwarder forwarder;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile MetadataImage image;
    private volatile Quorum quorum;
    private volatile boolean closed;
    private volatile Runnable stopFollowing = () -> {};
    private int attempts;
    private boolean outOfStep;

    /** Of the present image, once it was asked for: voters may have to be tried again and again. */
    private @Nullable Integer fingerprint;

    /**
     * @param self   this broker's id, which is never followed
     * @param image  from which to go on; of version 0 if nothing is known yet
     * @param voters broker ids that are believed to be voters, at least one; the stream corrects them
     */
    public FollowedMetadata(
            int self,
            MetadataImage image,
            List<Integer> voters,
            VoterContacts contacts,
            BrokerLinks links,
            ScheduledExecutorService timer,
            Executor executor) {
        this.self = self;
        this.links = links;
        this.contacts = contacts;
        this.timer = timer;
        this.image = image;
        this.quorum = new Quorum(Optional.empty(), voters);
        if (image.version() > 0) {
            known.complete(null);
        }
        this.forwarder = new CommandForwarder(
                (brokerId, command) -> links.proposeMetadata(brokerId, this.image, command),
                this::quorum,
                timer,
                executor);
    }

    /** Begins to follow. The future completes with the first image. */
    public CompletableFuture<Void> start() {
        follow();
        return known.copy();
    }

    private synchronized void follow() {
        if (closed) {
            return;
        }
        List<Integer> candidates = candidates();
        if (candidates.isEmpty()) {
            followLater();
            return;
        }
        int voter = candidates.get(Math.floorMod(attempts++, candidates.size()));
        stopFollowing = links.followMetadata(voter, image, fingerprint(), this);
    }

    /** Those believed to vote, and then all others that may. */
    private List<Integer> candidates() {
        Set<Integer> candidates = new LinkedHashSet<>(quorum.voters());
        candidates.addAll(contacts.brokerIds());
        candidates.remove(self);
        return List.copyOf(candidates);
    }

    /** Of the present image, so that the next voter leads on from it; empty if it has to begin with a whole one. */
    private OptionalInt fingerprint() {
        if (!known.isDone() || outOfStep) {
            return OptionalInt.empty();
        }
        Integer last = fingerprint;
        if (last == null) {
            last = ImageFormat.fingerprint(image);
            fingerprint = last;
        }
        return OptionalInt.of(last);
    }

    @Override
    public void held(Quorum holders) {
        if (!holders.voters().isEmpty()) {
            quorum = holders;
        }
    }

    @Override
    public synchronized void received(MetadataImage newer) {
        outOfStep = false;
        // The same version again corrects one of another history.
        if (newer.version() >= image.version()) {
            image = newer;
            fingerprint = null;
            known.complete(null);
            listeners.forEach(listener -> listener.consumer.accept(newer));
        }
    }

    @Override
    public synchronized void outOfStep(int brokerId, String reason) {
        LOG.error(
                "the metadata stream is out of step, a whole image is asked for from={} version={} reason={}",
                brokerId,
                image.version(),
                reason);
        outOfStep = true;
    }

    @Override
    public void ended(int brokerId, String reason) {
        if (closed) {
            return;
        }
        LOG.info("lost the metadata stream from={} reason={}", brokerId, reason);
        var unused = links.describeVoters(brokerId, image); // whom it names is among the candidates then
        followLater();
    }

    private void followLater() {
        try {
            var unused = timer.schedule(this::follow, RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("not following again: the broker is closing");
        }
    }

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public synchronized Listening listen(Consumer<MetadataImage> listener) {
        Listener registered = new Listener(listener);
        listeners.add(registered);
        listener.accept(image);
        return () -> listeners.remove(registered);
    }

    @Override
    public CompletableFuture<Outcome> submit(MetadataCommand command) {
        return forwarder.submit(command);
    }

    @Override
    public Quorum quorum() {
        return quorum;
    }

    @Override
    public void close() {
        closed = true;
        stopFollowing.run();
    }

    /** Equal to itself only, so that one consumer may register twice. */
    private static final class Listener {
        private final Consumer<MetadataImage> consumer;

        Listener(Consumer<MetadataImage> consumer) {
            this.consumer = consumer;
        }
    }
}
