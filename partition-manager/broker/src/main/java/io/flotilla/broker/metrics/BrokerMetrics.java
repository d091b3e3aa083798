package io.flotilla.broker.metrics;

import io.flotilla.raftlog.raft.RaftObserver;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All that one broker measures, and its text for Prometheus.
 *
 * <p>Threading: safe for all threads; sources are asked on the thread that scrapes.
 */
public final class BrokerMetrics implements AutoCloseable {
    /** Of {@link #scrape}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final RuntimeMetrics runtime;
    private final ClientMetrics clients = new ClientMetrics();
    private final RaftMetrics raft = new RaftMetrics();
    private final List<Consumer<Samples>> sources = new CopyOnWriteArrayList<>();

    private BrokerMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        this.runtime = RuntimeMetrics.bind(registry);
        sources.add(clients::tell);
        sources.add(raft::tell);
    }

    /** The caller owns the metrics. */
    public static BrokerMetrics open() {
        PrometheusRegistry polled = new PrometheusRegistry();
        BrokerMetrics metrics =
                new BrokerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, polled, Clock.SYSTEM));
        polled.register(new MultiCollector() {
            @Override
            public MetricSnapshots collect() {
                return metrics.poll();
            }
        });
        return metrics;
    }

    /** Every metric that a scrape may hold, in the order of their documentation. */
    public static List<MetricDescription> catalogue() {
        return Stream.concat(Stream.of(Metric.values()).map(Metric::description), RuntimeMetrics.ALL.stream())
                .toList();
    }

    public ClientMetrics clients() {
        return clients;
    }

    public RaftObserver raft() {
        return raft;
    }

    /** Has a source tell its values at each scrape, until the result is run. */
    public Runnable add(Consumer<Samples> source) {
        sources.add(source);
        return () -> sources.remove(source);
    }

    private MetricSnapshots poll() {
        Samples samples = new Samples();
        sources.forEach(source -> source.accept(samples));
        return samples.snapshots();
    }

    /** All metrics as they are now, in Prometheus's text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        runtime.close();
        registry.close();
    }
}
