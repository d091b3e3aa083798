package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.config.RaftTls;
import io.flotilla.broker.disk.DiskGuard;
import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.group.GroupLag;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.Membership;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.GroupBrokers;
import io.flotilla.broker.internal.InternalEndpoint;
import io.flotilla.broker.internal.RemotePeerChanges;
import io.flotilla.broker.internal.RemoteReplicas;
import io.flotilla.broker.internal.RemoteSnapshots;
import io.flotilla.broker.internal.RemoteVoters;
import io.flotilla.broker.internal.ServedMembers;
import io.flotilla.broker.internal.ServedOffsets;
import io.flotilla.broker.internal.ServedPeerChanges;
import io.flotilla.broker.internal.ServedReplicas;
import io.flotilla.broker.internal.VoterContacts;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.ImageAwaiter;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.broker.network.BrokerNetwork;
import io.flotilla.manager.Reconciler;
import io.flotilla.manager.ReconcilerSettings;
import io.flotilla.manager.ReplicaSet;
import io.flotilla.manager.TopicPurger;
import io.flotilla.manager.TopicPurgerSettings;
import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.FeatureLevels;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataReplica;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.partition.PartitionHost;
import io.flotilla.raftlog.partition.StorageSettings;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import io.flotilla.raftlog.raft.tls.UnusableTlsFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker runs once it knows its cluster: its replicas, its Raft members, its view of the metadata, and the loops
 * that keep replicas and metadata in step.
 */
final class ClusterMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);

    /** Longest time from the registration until this broker has seen it. */
    private static final Duration IMAGE_TIMEOUT = Duration.ofMinutes(1);

    private final BrokerConfig config;
    private final DataFolder folder;
    private final Membership membership;
    private final VoterContacts contacts;
    private final BrokerLinks links;
    private final BrokerThreads threads;
    private final PeerId self;

    /** Closed from the newest to the oldest. */
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    private final RaftObserver raftObserver;
    private final CountDownLatch stop;
    private final GroupBrokers neighbours;
    private final PeerChanges peerChanges;
    private final PartitionHost partitions;
    private final MetadataSeat seat;
    private final BrokerNetwork network;
    private volatile @Nullable VoterSeat voterSeat;
    private final BrokerMetadata metadata;
    private final DiskGuard disk;
    private final InternalEndpoint internal;
    private volatile @Nullable ClusterDuties duties;
    private volatile @Nullable GroupCoordinator groups;
    private volatile @Nullable GroupLag groupLag;

    private ClusterMember(
            BrokerConfig config,
            DataFolder folder,
            Membership membership,
            VoterContacts contacts,
            BrokerLinks links,
            BrokerThreads threads,
            InternalEndpoint internal,
            BrokerNetwork network,
            RaftObserver raftObserver,
            CountDownLatch stop,
            Consumer<Throwable> fatal)
            throws IOException {
        this.config = config;
        this.folder = folder;
        this.membership = membership;
        this.contacts = contacts;
        this.links = links;
        this.threads = threads;
        this.internal = internal;
        this.network = network;
        this.raftObserver = raftObserver;
        this.stop = stop;
        this.self = folder.identity().peerId();
        try {
            this.neighbours = new GroupBrokers(config.nodeId(), membership, contacts);
            this.peerChanges = new RemotePeerChanges(
                    self,
                    config.advertised().internal(),
                    isSeed() ? config.seeds().seeds().size() : 0,
                    neighbours,
                    links);
            this.partitions = own(PartitionHost.open(
                    folder.path(),
                    StorageSettings.DEFAULT.withRetentionCheckInterval(config.retentionCheckInterval()),
                    new RemoteReplicas(neighbours, links),
                    config.catchUp().files()));
            internal.serve(own(new ServedReplicas(membership.clusterId(), partitions.exports())));
            internal.serve(new ServedMembers(membership.clusterId(), partitions::statistics));
            internal.serve(new ServedOffsets(membership.clusterId(), partitions::find, System::nanoTime));
            this.seat = own(startRaft(internal));
            this.metadata = seat.metadata();
            neighbours.know(metadata::image);
            this.disk = own(DiskGuard.start(
                    folder.path(),
                    config.disk().reserveBytes(),
                    config.disk().checkInterval(),
                    partitions,
                    this::metadataFailure,
                    () -> handOver(config.shutdownTimeout()),
                    fatal));
        } catch (Throwable failure) { // a half-started member must not keep its ports and files
            close();
            throw failure;
        }
    }

    /**
     * Opens everything this broker has on its disk, and its Raft port. Waits for the other voters of the metadata if this
     * broker's own is damaged. The caller owns the result.
     *
     * @param network that connections of Raft members go through
     * @param stop    ends that wait, and the one for the registration, when it reaches zero
     * @param fatal   told when this broker must stop because its disk or its metadata cannot be trusted
     * @throws IOException if files cannot be trusted or the port is taken
     */
    static ClusterMember open(
            BrokerConfig config,
            DataFolder folder,
            Membership membership,
            VoterContacts contacts,
            BrokerLinks links,
            BrokerThreads threads,
            InternalEndpoint internal,
            BrokerNetwork network,
            RaftObserver raftObserver,
            CountDownLatch stop,
            Consumer<Throwable> fatal)
            throws IOException {
        return new ClusterMember(
                config, folder, membership, contacts, links, threads, internal, network, raftObserver, stop, fatal);
    }

    private <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    private MetadataSeat startRaft(InternalEndpoint internal) throws IOException {
        GroupId metadataGroup = MetadataReplica.groupIdOf(membership.clusterId());
        VoterSeat opened = own(new VoterSeat(
                folder,
                membership,
                new RemoteSnapshots(metadataGroup, neighbours, links),
                new RemoteVoters(config.nodeId(), contacts, links),
                peerChanges,
                links,
                threads,
                stop));
        voterSeat = opened;
        boolean votes = opened.prepare(isSeed());
        RaftHost host = own(openHost(id -> id.equals(metadataGroup) ? opened.state() : partitions.stateOf(id)));
        neighbours.know(host);
        start(host);
        internal.serve(new ServedPeerChanges(membership.clusterId(), host, neighbours));
        partitions.attach(host, peerChanges);
        return MetadataSeat.take(membership, opened, host, internal, links, contacts, threads, votes);
    }

    private boolean isSeed() {
        return config.seeds().find(config.nodeId()).isPresent();
    }

    private RaftHost openHost(ReplicatedStateFactory states) throws IOException {
        RaftSettings settings = raftSettings();
        try {
            return RatisHost.open(settings, self, states, raftObserver);
        } catch (UnusableTlsFile unusable) {
            throw new IOException(RaftTls.complaint(settings.transport().tls().orElseThrow(), unusable), unusable);
        }
    }

    private RaftSettings raftSettings() {
        RaftSettings.Transport plain = RaftSettings.Transport.DEFAULT
                .withKind(config.raftTransport())
                .withRealm(membership.clusterId())
                .withLinks(network.raft());
        HostPort bound = config.listeners().internal();
        return RaftSettings.in(folder.path().resolve("raft"))
                .withAddress(
                        bound.host().equals("*") ? "0.0.0.0" : bound.host(),
                        config.advertised().internal().host(),
                        bound.port())
                .withElectionTimeout(
                        config.raftTimeouts().electionMin(),
                        config.raftTimeouts().electionMax())
                .withTransport(config.raftTls().map(plain::withTls).orElse(plain))
                .withLog(new RaftSettings.Log(
                        RaftSettings.Log.DEFAULT.entryBytesMax(),
                        config.capacity().raftSegmentBytes(),
                        config.catchUp().raftLogKeptBytesMax()));
    }

    private void start(RaftHost host) throws IOException {
        try {
            host.start();
        } catch (IOException failure) {
            throw new IOException(
                    "cannot start Raft on " + config.listeners().internal() + " (setting listeners, INTERNAL): "
                            + failure.getMessage() + "; if a process uses the port, stop it or choose another port",
                    failure);
        }
    }

    /**
     * Makes this broker known to the cluster, however long that takes, and then keeps its replicas as the cluster wants
     * them.
     *
     * @param requireOwnCluster fails if the seeds turn out to be of another cluster; asked while none lets this broker register
     * @throws IOException if the cluster refuses this broker
     */
    void takePart(Runnable requireOwnCluster) throws IOException, InterruptedException {
        long registeredAt = register(requireOwnCluster);
        awaitImage(registeredAt);
        ReplicaSet replicas = ReplicaSet.of(partitions);
        own(Reconciler.start(
                metadata, replicas, self, membership.clusterId(), registeredAt, ReconcilerSettings.DEFAULT));
        own(partitions.startScrubbing(config.scrubbing(), List.of(MetadataReplica.groupIdOf(membership.clusterId()))));
        own(partitions.startRetention(id -> metadata.image().topic(id.topicId()).map(Topic::retention)));
        duties = own(ClusterDuties.start(config, self, metadata, seat, replicas, links, internal, threads));
        own(TopicPurger.start(metadata, seat::isReadyLeader, TopicPurgerSettings.DEFAULT, Clock.systemUTC()));
        GroupCoordinator coordinator = own(GroupCoordinator.start(
                new SeatGroups(seat::voter, metadata), config.groups(), Clock.systemUTC(), threads.timer()));
        groups = coordinator;
        GroupLag lag = own(new GroupLag(coordinator, links::readHighWatermarks, Clock.systemUTC()));
        groupLag = lag;
        if (config.listeners().http().isPresent()) { // else nobody sees what it finds
            lag.look(threads.timer());
        }
    }

    /** An image from before the last stop would make this broker deny topics that exist. */
    private void awaitImage(long version) throws IOException, InterruptedException {
        try {
            long seen =
                    ImageAwaiter.atLeast(metadata, version, IMAGE_TIMEOUT).get().version();
            if (seen < version) {
                throw new IOException("the cluster's metadata did not reach this broker within " + IMAGE_TIMEOUT
                        + ": it has version " + seen + ", the cluster " + version + "; check the connection to "
                        + membership.voters());
            }
        } catch (ExecutionException bug) {
            throw new IllegalStateException("waiting for an image does not fail", bug);
        }
    }

    private long register(Runnable requireOwnCluster) throws IOException, InterruptedException {
        RegisterBroker command = new RegisterBroker(
                config.nodeId(),
                self.directoryId(),
                endpoint(config.advertised().grpc()),
                endpoint(config.advertised().internal()),
                config.rack(),
                Clock.systemUTC().millis(),
                config.capacity().replicasMax(),
                FeatureLevels.SUPPORTED);
        while (stop.getCount() > 0) {
            try {
                Outcome outcome = metadata.submit(command).get();
                if (outcome instanceof Outcome.Accepted accepted) {
                    return accepted.version();
                }
                Outcome.Rejected rejected = (Outcome.Rejected) outcome;
                throw new IOException("the cluster refuses this broker: " + rejected.message());
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof LogException retriable)
                        || !retriable.code().retriable()) {
                    throw new IOException("cannot register with the cluster: " + failure.getCause(), failure);
                }
                LOG.warn("not registered with the cluster yet: {}", retriable.getMessage());
                requireOwnCluster.run();
            }
        }
        throw new InterruptedException("the broker was stopped before it was registered");
    }

    private static Endpoint endpoint(HostPort address) {
        return new Endpoint(address.host(), address.port());
    }

    BrokerMetadata metadata() {
        return metadata;
    }

    PartitionHost partitions() {
        return partitions;
    }

    /** Gives leaderships to the brokers that should have them no more, before this one {@link #handOver hands all over}. */
    void prepareStop() {
        ClusterDuties running = duties;
        if (running != null) {
            running.stopLeaderWork();
        }
    }

    /** The coordinator of consumer groups, which coordinates while this broker leads the metadata; empty before it takes part. */
    Optional<GroupCoordinator> groups() {
        return Optional.ofNullable(groups);
    }

    /** How far consumer groups are behind, while this broker coordinates them; empty before it takes part. */
    Optional<GroupLag> groupLag() {
        return Optional.ofNullable(groupLag);
    }

    DiskGuard disk() {
        return disk;
    }

    PeerId self() {
        return self;
    }

    /** The metadata's replica on this broker, if it is a voter. */
    Optional<VoterMetadata> voter() {
        return seat.voter();
    }

    /** Why the metadata's replica on this broker has stopped, if it is to vote and has failed. */
    Optional<Throwable> metadataFailure() {
        return seat.failure();
    }

    String clusterId() {
        return membership.clusterId();
    }

    /** Hands the leaderships that this broker has to others. */
    void handOver(Duration atMost) {
        LeadershipHandover handover =
                new LeadershipHandover(config.control().leaderWork().handOversMax());
        MetadataImage image = metadata.image();
        // First, since all others need it.
        voter().ifPresent(voter -> handover.add(
                "metadata",
                voter.leadership(),
                () -> LeadershipHandover.successors(
                        voter.voters(), voter.votersInStep(), LeadershipHandover.isInService(image)),
                voter::transferLeadership));
        handover.addPartitions(partitions.all(), image);
        handover.run(atMost);
    }

    /** Has {@link #close} leave files as a killed process would: without the last checkpoints and snapshots. */
    void abandon() {
        partitions.abandon();
        VoterSeat abandoned = voterSeat;
        if (abandoned != null) {
            abandoned.abandon();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable resource = resources.poll(); resource != null; resource = resources.poll()) {
            close(resource);
        }
    }

    private static void close(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception failure) { // the others must be closed too
            LOG.error("could not close {}", resource, failure);
        }
    }
}
