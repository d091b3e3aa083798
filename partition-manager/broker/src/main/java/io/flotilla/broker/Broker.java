package io.flotilla.broker;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.ConfigException;
import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.formation.ClusterSearch;
import io.flotilla.broker.grpc.ErrorAnswers;
import io.flotilla.broker.grpc.GrpcEdge;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.Membership;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.InternalEndpoint;
import io.flotilla.broker.internal.VoterContacts;
import io.flotilla.broker.metrics.Metric;
import io.flotilla.broker.network.BrokerNetwork;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.Leadership;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class Broker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final BrokerConfig config;
    private final DataFolder folder;
    private final BrokerNetwork network;
    private final BiConsumer<Broker, Throwable> fatal;
    private final BrokerThreads threads;
    private final VoterContacts contacts;
    private final BrokerLinks links;
    private final Observability observability;
    private final InternalEndpoint internal;
    private final GrpcEdge edge;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread starter;
    private volatile @Nullable ClusterMember member;

    private Broker(BrokerConfig config, DataFolder folder, BrokerNetwork network, BiConsumer<Broker, Throwable> fatal)
            throws IOException {
        this.config = config;
        this.folder = folder;
        this.network = network;
        this.fatal = fatal;
        this.observability = Observability.open(config);
        this.threads = new BrokerThreads(config.nodeId(), config.limits().requestThreads());
        this.contacts = new VoterContacts(folder, config.seeds());
        this.links = new BrokerLinks(contacts, threads.requests(), network);
        OpenStreams streams = new OpenStreams();
        ErrorAnswers errors =
                new ErrorAnswers(this::endpointOf, observability.metrics().clients()::refused);
        this.internal = new InternalEndpoint(
                config,
                folder,
                threads.requests(),
                threads.timer(),
                streams,
                failure -> errors.exception(failure, null));
        try {
            this.edge = GrpcEdge.listen(
                    config,
                    network,
                    internal,
                    streams,
                    errors,
                    observability.metrics().clients(),
                    threads.requests(),
                    threads.timer());
        } catch (Throwable failure) { // nothing may be left behind by a broker that does not start
            observability.close();
            links.close();
            threads.close();
            throw failure;
        }
        observability.metrics().add(samples -> {
            edge.tell(samples);
            samples.tell(Metric.REQUEST_QUEUE, threads.requestsWaiting());
        });
        this.starter = new Thread(this::findCluster, "broker-" + config.nodeId() + "-start");
    }

    /**
     * Takes the data folder and opens the gRPC port. The broker then finds or forms its cluster by itself, however long
     * the other seeds take; see {@link #ready()}.
     *
     * @throws ConfigException if the data folder is in use or belongs to another node
     * @throws IOException     if the data folder cannot be used or a port is taken; the message names the remedy
     */
    public static Broker start(BrokerConfig config) throws IOException {
        return start(config, Broker::closeAfter);
    }

    /** The same with connections that go through {@code network}. */
    public static Broker start(BrokerConfig config, BrokerNetwork network) throws IOException {
        return start(config, network, Broker::closeAfter);
    }

    /**
     * The same with another end.
     *
     * @param fatal told why the broker must stop by itself, when its disk or its metadata cannot be trusted any more; by
     *     default it closes then
     */
    static Broker start(BrokerConfig config, BiConsumer<Broker, Throwable> fatal) throws IOException {
        return start(config, BrokerNetwork.PLAIN, fatal);
    }

    private static Broker start(BrokerConfig config, BrokerNetwork network, BiConsumer<Broker, Throwable> fatal)
            throws IOException {
        DataFolder folder = DataFolder.open(config.dataDirectory(), config.nodeId());
        Broker broker;
        try {
            requireFree(config.listeners().internal());
            broker = new Broker(config, folder, network, fatal);
        } catch (Throwable failure) { // the folder must be free again
            folder.close();
            throw failure;
        }
        broker.starter.start();
        return broker;
    }

    private static void closeAfter(Broker broker, Throwable reason) {
        LOG.error("broker stops by itself node={}", broker.nodeId(), reason);
        new Thread(() -> broker.close(Duration.ZERO), "broker-" + broker.nodeId() + "-fatal").start();
    }

    /** Raft opens its port only after a cluster was formed, which is late to learn that it cannot. */
    private static void requireFree(HostPort address) throws IOException {
        InetSocketAddress wanted = address.host().equals("*")
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(wanted);
        } catch (IOException notBound) {
            throw new IOException(
                    "cannot listen on " + address + " (setting listeners, INTERNAL): " + notBound.getMessage()
                            + "; stop the process that uses the port, or choose another one",
                    notBound);
        }
    }

    private Optional<BrokerEndpoint> endpointOf(int brokerId) {
        ClusterMember known = member;
        return known == null
                ? Optional.empty()
                : known.metadata().image().broker(brokerId).map(broker -> BrokerEndpoint.newBuilder()
                        .setBrokerId(brokerId)
                        .setHost(broker.grpc().host())
                        .setPort(broker.grpc().port())
                        .build());
    }

    /** The starter's outermost loop: what goes wrong is told by {@link #ready()}. */
    private void findCluster() {
        try {
            ClusterSearch search = new ClusterSearch(config, folder, links);
            Membership membership = search.run(stop);
            ClusterMember joined = ClusterMember.open(
                    config,
                    folder,
                    membership,
                    contacts,
                    links,
                    threads,
                    internal,
                    network,
                    observability.metrics().raft(),
                    stop,
                    this::fatal);
            member = joined;
            observability.joined(joined);
            joined.takePart(search::requireOwnCluster);
            edge.open(
                    config,
                    joined.metadata(),
                    joined.partitions(),
                    joined.groups(),
                    joined.groupLag(),
                    links,
                    joined.disk()::refusal);
            LOG.info(
                    "broker ready node={} cluster={} grpc={} raft={} replicasMax={}",
                    config.nodeId(),
                    joined.clusterId(),
                    config.advertised().grpc(),
                    config.advertised().internal(),
                    config.capacity().replicasMax());
            observability.health().serving();
            ready.complete(null);
        } catch (InterruptedException stopped) {
            ready.completeExceptionally(new IOException("the broker was stopped before it was ready", stopped));
        } catch (IOException | RuntimeException failure) {
            observability.health().failed(failure);
            ready.completeExceptionally(failure);
        }
    }

    private void fatal(Throwable reason) {
        observability.health().failed(reason);
        fatal.accept(this, reason);
    }

    /** Completes once the broker serves its clients; fails if it cannot, and the broker is then good only to close. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /**
     * Waits for {@link #ready()}.
     *
     * @throws IOException if the broker could not start, or not within {@code timeout}
     */
    public void awaitReady(Duration timeout) throws IOException {
        try {
            ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("broker " + config.nodeId() + " is not ready within " + timeout, late);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException io ? io : new IOException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while broker " + config.nodeId() + " was starting", interrupted);
        }
    }

    public int nodeId() {
        return config.nodeId();
    }

    /** Where clients reach it. */
    public HostPort grpc() {
        return config.advertised().grpc();
    }

    /** Where it shows its metrics and its health, if the configuration has that. */
    public Optional<HostPort> http() {
        return config.listeners().http();
    }

    public BrokerConfig config() {
        return config;
    }

    /**
     * Term in which this broker believes that it leads a partition and may serve it; empty if it does not, and while it
     * does not know the partition.
     */
    public OptionalLong leadershipTerm(String topic, int partition) {
        ClusterMember joined = member;
        if (joined == null) {
            return OptionalLong.empty();
        }
        Leadership leadership = joined.metadata()
                .image()
                .topic(topic)
                .flatMap(known -> joined.partitions().find(known.partitionId(partition)))
                .map(Partition::leadership)
                .orElse(Leadership.UNKNOWN);
        return leadership.isLeader() && leadership.ready() ? OptionalLong.of(leadership.term()) : OptionalLong.empty();
    }

    /** Blocks until the broker has been closed. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Stops in order: hands leaderships over, tells streams to go away, closes everything. May be called twice. */
    @Override
    public void close() {
        close(config.shutdownTimeout());
    }

    /**
     * The same with another limit.
     *
     * @param handOverAtMost longest time for handing leaderships over; zero does without, which is right when the whole
     *     cluster stops
     */
    public void close(Duration handOverAtMost) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("broker stopping node={}", config.nodeId());
        observability.health().stopping();
        edge.retire();
        stop.countDown();
        joinStarter();
        ClusterMember running = member;
        if (running != null && !handOverAtMost.isZero() && ready.isDone() && !ready.isCompletedExceptionally()) {
            running.prepareStop();
            running.handOver(handOverAtMost);
        }
        edge.goAway();
        edge.close();
        release(running);
        LOG.info("broker stopped node={}", config.nodeId());
    }

    /**
     * Ends as the process would if it were killed, as far as that is possible inside one that goes on: nothing is handed
     * over, nobody is told, no last checkpoint is written. Whoever wants peers and clients to hear nothing more has to cut
     * the connections before. May be called twice, and in place of {@link #close()}.
     */
    public void kill() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("broker killed node={}", config.nodeId());
        stop.countDown();
        joinStarter();
        ClusterMember running = member;
        if (running != null) {
            running.abandon();
        }
        edge.kill();
        release(running);
    }

    private void release(@Nullable ClusterMember running) {
        observability.stopping();
        if (running != null) {
            running.close();
        }
        links.close();
        threads.close();
        closeFolder();
        observability.close();
        closed.countDown();
    }

    private void joinStarter() {
        try {
            starter.interrupt();
            starter.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeFolder() {
        try {
            folder.close();
        } catch (IOException failure) {
            LOG.warn("could not give the data folder free path={}", folder.path(), failure);
        }
    }
}
