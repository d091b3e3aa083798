package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.health.HealthReport;
import io.flotilla.broker.http.HttpAnswer;
import io.flotilla.broker.http.HttpEdge;
import io.flotilla.broker.metrics.BrokerMetrics;
import io.flotilla.broker.metrics.Metric;
import io.flotilla.broker.metrics.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a broker shows itself: its metrics, its health, and the HTTP port that tells both if the configuration names one.
 * Open from before the broker looks for its cluster until all else is closed.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class Observability implements AutoCloseable {
    private static final double NANOS_PER_SECOND = 1e9;

    private final BrokerConfig config;
    private final BrokerMetrics metrics;
    private final BrokerHealth health = new BrokerHealth();
    private final @Nullable HttpEdge http;
    private volatile Runnable forgetMember = () -> {};

    private Observability(BrokerConfig config, BrokerMetrics metrics) throws IOException {
        this.config = config;
        this.metrics = metrics;
        Optional<HostPort> address = config.listeners().http();
        this.http = address.isPresent() ? HttpEdge.listen(address.get(), pages()) : null;
        metrics.add(this::tell);
    }

    /**
     * Opens the HTTP port, if there is to be one. The caller owns the result.
     *
     * @throws IOException if the port cannot be opened; the message names the remedy
     */
    static Observability open(BrokerConfig config) throws IOException {
        BrokerMetrics metrics = BrokerMetrics.open();
        try {
            return new Observability(config, metrics);
        } catch (Throwable failure) { // the JVM knows the metrics and would keep them
            metrics.close();
            throw failure;
        }
    }

    private SortedMap<String, Supplier<HttpAnswer>> pages() {
        SortedMap<String, Supplier<HttpAnswer>> pages = new TreeMap<>();
        pages.put("/metrics", () -> new HttpAnswer(200, BrokerMetrics.CONTENT_TYPE, metrics.scrape()));
        pages.put("/healthz", () -> answer(health.alive()));
        pages.put("/readyz", () -> answer(health.ready()));
        return pages;
    }

    private static HttpAnswer answer(HealthReport report) {
        return HttpAnswer.json(report.isGood() ? 200 : 503, report.toJson());
    }

    private void tell(Samples samples) {
        samples.tell(Metric.BUILD_INFO, 1, version());
        samples.tell(Metric.PROCESSORS, Runtime.getRuntime().availableProcessors());
        samples.tell(Metric.READY, health.ready().isGood());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            samples.tell(Metric.CPU_SECONDS, system.getProcessCpuTime() / NANOS_PER_SECOND);
        }
    }

    private static String version() {
        String version = Observability.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    BrokerMetrics metrics() {
        return metrics;
    }

    BrokerHealth health() {
        return health;
    }

    /** From now on the member is shown too. */
    void joined(ClusterMember member) {
        health.joined(member);
        MemberSamples whole = new MemberSamples(config, member);
        ReplicaSamples replicas = new ReplicaSamples(config.metricsPartitionsMax());
        Consumer<Samples> source = samples -> {
            whole.tell(samples);
            replicas.tell(
                    samples,
                    member.metadata().image(),
                    member.partitions().statistics(),
                    config.capacity().replicasMax());
        };
        forgetMember = metrics.add(source);
    }

    /** The member is about to be closed. */
    void stopping() {
        health.stopping();
        forgetMember.run();
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
        metrics.close();
    }
}
