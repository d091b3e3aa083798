package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.BrokerConfig.Limits;
import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.fetch.FetchService;
import io.flotilla.broker.fetch.OffsetFinder;
import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.group.GroupLag;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metrics.ClientMetrics;
import io.flotilla.broker.metrics.Metric;
import io.flotilla.broker.metrics.Samples;
import io.flotilla.broker.network.BrokerNetwork;
import io.flotilla.broker.produce.ByteBudget;
import io.flotilla.broker.produce.ProduceService;
import io.flotilla.broker.produce.ProducerIds;
import io.flotilla.broker.replica.ReplicaLookup;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionHost;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The gRPC port: brokers' talk, health and reflection from the start, clients' services once {@link #open}ed.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class GrpcEdge implements AutoCloseable {
    /**
     * Largest request in bytes. Well above the largest batch, so that one that is somewhat too large gets our error
     * with its size rather than the transport's.
     */
    private static final int REQUEST_BYTES_MAX = 4 << 20;

    /** Largest request header in bytes. */
    private static final int HEADER_BYTES_MAX = 8 << 10;

    private static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(20);
    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);
    /** Clients that ping more often are told to go away. */
    private static final Duration CLIENT_KEEPALIVE_MIN = Duration.ofSeconds(5);

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Streams a client may reset in the window before its connection is closed: the answer to rapid-reset attacks, which
     * make a hundred times as many. A stream that the broker ends first counts too, so a producer whose hundreds of
     * partitions look for their leaders must fit.
     */
    private static final int RESETS_PER_WINDOW_MAX = 10_000;

    private static final int RESET_WINDOW_SECONDS = 10;

    /** How long calls that go on are waited for at the end. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

    private final Server server;
    private final OpeningRegistry registry;
    private final HealthStatusManager health;
    private final OpenStreams streams;
    private final ErrorAnswers errors;
    private final ClientMetrics metrics;
    private final ByteBudget appendBudget;
    private final ExecutorService executor;
    private final ScheduledExecutorService timer;

    private GrpcEdge(
            Server server,
            OpeningRegistry registry,
            HealthStatusManager health,
            OpenStreams streams,
            ErrorAnswers errors,
            ClientMetrics metrics,
            ByteBudget appendBudget,
            ExecutorService executor,
            ScheduledExecutorService timer) {
        this.server = server;
        this.registry = registry;
        this.health = health;
        this.streams = streams;
        this.errors = errors;
        this.metrics = metrics;
        this.appendBudget = appendBudget;
        this.executor = executor;
        this.timer = timer;
    }

    /**
     * Opens the port. The caller owns the edge, and keeps the executors.
     *
     * @param network  that connections come through
     * @param internal what brokers say to each other
     * @param streams  every stream on this port that has no end of its own
     * @throws IOException naming address, setting and remedy if the port cannot be opened
     */
    public static GrpcEdge listen(
            BrokerConfig config,
            BrokerNetwork network,
            BindableService internal,
            OpenStreams streams,
            ErrorAnswers errors,
            ClientMetrics metrics,
            ExecutorService executor,
            ScheduledExecutorService timer)
            throws IOException {
        HostPort address = config.listeners().grpc();
        OpeningRegistry registry = new OpeningRegistry(errors);
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
        Server server = network.serving(NettyServerBuilder.forAddress(socketAddress(address)))
                .executor(executor)
                .maxInboundMessageSize(REQUEST_BYTES_MAX)
                .maxInboundMetadataSize(HEADER_BYTES_MAX)
                .maxConcurrentCallsPerConnection(config.limits().callsPerConnectionMax())
                .maxRstFramesPerWindow(RESETS_PER_WINDOW_MAX, RESET_WINDOW_SECONDS)
                .keepAliveTime(KEEPALIVE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(CLIENT_KEEPALIVE_MIN.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .handshakeTimeout(HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .intercept(new CallTimes(metrics))
                .addService(internal)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .fallbackHandlerRegistry(registry)
                .build();
        try {
            server.start();
        } catch (IOException notBound) {
            Throwable reason = notBound.getCause() == null ? notBound : notBound.getCause();
            throw new IOException(
                    "cannot listen on " + address + " (setting listeners, GRPC): " + reason.getMessage()
                            + "; stop the process that uses the port, or choose another one",
                    notBound);
        }
        ByteBudget appendBudget = new ByteBudget(config.limits().appendInFlightBytesMax());
        return new GrpcEdge(server, registry, health, streams, errors, metrics, appendBudget, executor, timer);
    }

    private static InetSocketAddress socketAddress(HostPort address) {
        return address.host().equals("*")
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
    }

    /**
     * From now on clients are served.
     *
     * @param groups        empty if this broker never coordinates consumer groups
     * @param groupLag      likewise
     * @param links         to the other brokers
     * @param appendRefusal why this broker takes no appends at the moment, if so
     */
    public void open(
            BrokerConfig config,
            BrokerMetadata metadata,
            PartitionHost partitions,
            Optional<GroupCoordinator> groups,
            Optional<GroupLag> groupLag,
            BrokerLinks links,
            Supplier<Optional<Refused>> appendRefusal) {
        Limits limits = config.limits();
        ReplicaLookup replicas = new ReplicaLookup(metadata, partitions::find);
        Descriptions descriptions = new Descriptions(partitions::find);
        registry.add(new ProducerEndpoint(
                        new ProduceService(replicas, appendRefusal),
                        new ProducerIds(metadata),
                        appendBudget,
                        new Payloads(Clock.systemUTC()),
                        errors,
                        metrics,
                        streams,
                        executor,
                        limits.appendStreamInFlightBytesMax())
                .bindService());
        registry.add(new ConsumerEndpoint(
                        new FetchService(replicas, metrics, timer, executor, limits.readWaitingMax()),
                        new OffsetFinder(replicas, executor),
                        errors,
                        streams,
                        executor,
                        timer,
                        limits.readStreamPartitionsMax())
                .bindService());
        TopicChanges changes = new TopicChanges(metadata, config.topicDefaults(), Clock.systemUTC(), executor);
        registry.add(new TopicEndpoint(metadata, replicas, descriptions, changes, Clock.systemUTC(), errors, executor)
                .bindService());
        ControlRequests requests = new ControlRequests(metadata, Clock.systemUTC(), executor);
        registry.add(new ClusterEndpoint(config.nodeId(), metadata, partitions::all, requests, errors, executor)
                .bindService());
        registry.add(new PartitionEndpoint(requests, new PartitionRecovery(requests, links), errors, executor)
                .bindService());
        registry.add(new OperationEndpoint(requests, errors, executor).bindService());
        registry.add(ServerInterceptors.intercept(
                new GroupEndpoint(
                        new GroupAccess(metadata, groups, groupLag), Clock.systemUTC(), errors, streams, executor),
                new CallerHost()));
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    }

    /** What this port holds at the moment. */
    public void tell(Samples samples) {
        samples.tell(Metric.APPEND_IN_FLIGHT, appendBudget.bytesTaken());
        samples.tell(Metric.APPEND_IN_FLIGHT_MAX, appendBudget.bytesMax());
        samples.tell(Metric.APPEND_THROTTLES, appendBudget.waits());
        samples.tell(Metric.STREAMS, streams.count());
    }

    /** Health says NOT_SERVING from now on, so that nobody new is sent here. */
    public void retire() {
        health.enterTerminalState();
    }

    /** Ends every stream, clients' ones with GoAway. Other calls go on being answered. */
    public void goAway() {
        streams.goAway();
    }

    /** Closes the port and breaks every call. */
    public void kill() {
        server.shutdownNow();
        try {
            server.awaitTermination(DRAIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the port, waiting a little for calls that go on. May be called twice. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(DRAIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(DRAIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
