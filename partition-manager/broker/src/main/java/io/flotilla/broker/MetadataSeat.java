package io.flotilla.broker;

import io.flotilla.broker.identity.Membership;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.InternalEndpoint;
import io.flotilla.broker.internal.RemoteVoters;
import io.flotilla.broker.internal.ServedVoters;
import io.flotilla.broker.internal.VoterContacts;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.FollowedMetadata;
import io.flotilla.broker.metadata.ImageAwaiter;
import io.flotilla.broker.metadata.SwitchingMetadata;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.manager.MetadataGroup;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's place among the voters of the metadata, or beside them. It compares, again and again, what the metadata
 * wants with what is so: a broker that shall vote becomes a voter and goes on serving meanwhile; a voter that the group has
 * taken out follows the metadata from then on, like any other broker. Whatever was begun before a crash is found again in
 * the metadata, in the group's configuration or in the data folder.
 *
 * <p>Threading: a thread of its own takes the steps; every other method may be called by any thread.
 */
final class MetadataSeat implements MetadataGroup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataSeat.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** How long a voter that has stopped by itself looks for somebody who says that it was taken out. */
    private static final Duration FAILURE_JUDGED_MAX = Duration.ofSeconds(10);

    /** Longest time until a new voter has applied what this broker has known before. */
    private static final Duration CAUGHT_UP_MAX = Duration.ofMinutes(1);

    /** How long a close waits for a step; what a step may still wait for then ends with the host. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(3);

    private final PeerId self;
    private final Membership membership;
    private final VoterSeat seat;
    private final RaftHost host;
    private final InternalEndpoint internal;
    private final BrokerLinks links;
    private final VoterContacts contacts;
    private final BrokerThreads threads;
    private final RemoteVoters remote;
    private final SwitchingMetadata metadata;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable VoterMetadata voter;
    private volatile @Nullable Throwable failure;

    // Confined to the thread.
    private long leaderSeenNanos = System.nanoTime();
    private long failedSinceNanos;
    private boolean failing;

    private MetadataSeat(
            Membership membership,
            VoterSeat seat,
            RaftHost host,
            InternalEndpoint internal,
            BrokerLinks links,
            VoterContacts contacts,
            BrokerThreads threads,
            boolean votes)
            throws IOException {
        this.self = host.self();
        this.membership = membership;
        this.seat = seat;
        this.host = host;
        this.internal = internal;
        this.links = links;
        this.contacts = contacts;
        this.threads = threads;
        this.remote = new RemoteVoters(self.nodeId(), contacts, links);
        this.voter = votes ? openVoter() : null;
        VoterMetadata opened = voter;
        this.metadata =
                SwitchingMetadata.from(opened != null ? opened : follow(MetadataImage.empty(membership.clusterId())));
        if (opened != null) {
            internal.serve(opened);
        }
        internal.serve(new ServedVoters(metadata, this::voter, contacts));
        this.thread = new Thread(this::run, "metadata-seat");
        this.thread.setDaemon(true);
    }

    /**
     * Takes the place that this broker had, or asks to vote if it is to do so from its start on, and waits for that. The
     * caller closes it before the host.
     *
     * @param seat  of a host that has started
     * @param votes what {@link VoterSeat#prepare} said
     */
    static MetadataSeat take(
            Membership membership,
            VoterSeat seat,
            RaftHost host,
            InternalEndpoint internal,
            BrokerLinks links,
            VoterContacts contacts,
            BrokerThreads threads,
            boolean votes)
            throws IOException {
        MetadataSeat taken = new MetadataSeat(membership, seat, host, internal, links, contacts, threads, votes);
        taken.thread.start();
        return taken;
    }

    private @Nullable VoterMetadata openVoter() throws IOException {
        try {
            return seat.open(host);
        } catch (NotToVote refused) {
            LOG.info("this broker follows the metadata, of which it is no voter: {}", refused.getMessage());
            seat.leave(host);
            return null;
        }
    }

    private FollowedMetadata follow(MetadataImage from) {
        List<Integer> known = contacts.brokerIds().isEmpty()
                ? membership.voters().stream()
                        .map(voting -> voting.id().nodeId())
                        .toList()
                : contacts.brokerIds();
        FollowedMetadata followed =
                new FollowedMetadata(self.nodeId(), from, known, contacts, links, threads.timer(), threads.requests());
        var unused = followed.start(); // registration waits for the voters anyway
        return followed;
    }

    BrokerMetadata metadata() {
        return metadata;
    }

    /** The metadata's replica on this broker, while it is a voter. */
    Optional<VoterMetadata> voter() {
        return Optional.ofNullable(voter);
    }

    /** Why this broker's voter has stopped by itself, if so and not because it was taken out of the group. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** The thread's outermost loop. */
    private void run() {
        try {
            while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    step();
                } catch (IOException obstacle) {
                    LOG.warn("could not take a new place among the metadata's voters, tries again", obstacle);
                } catch (RuntimeException bug) {
                    LOG.error("a step of the metadata's voters failed, tries again", bug);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws IOException, InterruptedException {
        MetadataImage image = metadata.image();
        contacts.keep(metadata.quorum(), image);
        VoterMetadata present = voter;
        if (present == null) {
            if (image.metadataVoters().wants(self)) {
                join();
            }
            return;
        }
        Leadership leadership = present.leadership();
        if (leadership.leader().isPresent()) {
            leaderSeenNanos = System.nanoTime();
        }
        Duration leaderless = Duration.ofNanos(System.nanoTime() - leaderSeenNanos);
        boolean failed = present.failure().isPresent();
        if (!SeatRules.isDoubtful(self, image.metadataVoters(), leadership, leaderless, failed)) {
            failing = false;
            return;
        }
        List<Integer> known = metadata.quorum().voters();
        Optional<List<PeerId>> voters = remote.committed(image, known);
        if (voters.isPresent() && !voters.get().contains(self)) {
            leave(present, voters.get());
        } else {
            judge(present, voters.isPresent() || List.of(self.nodeId()).equals(known));
        }
    }

    private void judge(VoterMetadata present, boolean known) {
        Optional<Throwable> cause = present.failure();
        if (cause.isEmpty()) {
            return;
        }
        if (!failing) {
            failing = true;
            failedSinceNanos = System.nanoTime();
        }
        if (known || System.nanoTime() - failedSinceNanos > FAILURE_JUDGED_MAX.toNanos()) {
            failure = cause.get();
        }
    }

    private void join() throws IOException, InterruptedException {
        LOG.info("this broker is to vote on the metadata");
        VoterMetadata joined;
        try {
            joined = seat.join(host);
        } catch (NotToVote refused) {
            LOG.info("this broker is not to vote on the metadata any more: {}", refused.getMessage());
            host.remove(seat.group());
            return;
        }
        try {
            ImageAwaiter.atLeast(joined, metadata.image().version(), CAUGHT_UP_MAX)
                    .get();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("waiting for an image does not fail", bug);
        }
        leaderSeenNanos = System.nanoTime();
        BrokerMetadata followed = metadata.switchTo(joined);
        voter = joined;
        internal.serve(joined);
        followed.close();
        LOG.info(
                "this broker votes on the metadata version={}", metadata.image().version());
    }

    private void leave(VoterMetadata present, List<PeerId> voters) throws IOException {
        LOG.info("this broker votes on the metadata no more voters={}", voters);
        seat.leave(host);
        FollowedMetadata followed = follow(present.image());
        metadata.switchTo(followed);
        voter = null;
        failing = false;
        internal.withdrawVoter();
        present.retire();
    }

    @Override
    public boolean isReadyLeader() {
        return voter().filter(VoterMetadata::isReadyLeader).isPresent();
    }

    @Override
    public Optional<List<Peer>> committedVoters() {
        return voter().flatMap(VoterMetadata::committedVoters);
    }

    @Override
    public Set<PeerId> votersInStep() {
        return voter().map(VoterMetadata::votersInStep).orElse(Set.of());
    }

    @Override
    public CompletableFuture<Void> changeVoters(List<Peer> expected, List<Peer> wanted) {
        return voter().map(present -> present.changeVoters(expected, wanted)).orElseGet(this::noVoter);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PeerId target) {
        return voter().map(present -> present.transferLeadership(target)).orElseGet(this::noVoter);
    }

    private CompletableFuture<Void> noVoter() {
        return CompletableFuture.failedFuture(
                new IllegalStateException("broker " + self.nodeId() + " votes on the metadata no more"));
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_MAX.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        metadata.close();
    }
}
