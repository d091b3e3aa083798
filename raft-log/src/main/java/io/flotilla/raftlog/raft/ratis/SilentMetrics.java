package io.flotilla.raftlog.raft.ratis;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;

/**
 * Takes the place of Ratis's metrics and keeps none: Ratis updates several histograms for each entry and holds about
 * 1 MB of them for each busy group. What operators need is measured by our own code; the one thing that only Ratis can
 * time, the flush of a log, is passed on to {@link LogFlushes}.
 *
 * <p>Public for {@link java.util.ServiceLoader}, by which Ratis finds it.
 */
public final class SilentMetrics extends MetricRegistries {
    @Override
    public void clear() {}

    @Override
    public RatisMetricRegistry create(MetricRegistryInfo info) {
        return new Registry(info);
    }

    @Override
    public boolean remove(MetricRegistryInfo key) {
        return false;
    }

    @Override
    public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
        return Optional.empty();
    }

    @Override
    public Set<MetricRegistryInfo> getMetricRegistryInfos() {
        return Set.of();
    }

    @Override
    public Collection<RatisMetricRegistry> getMetricRegistries() {
        return List.of();
    }

    @Override
    public void addReporterRegistration(
            Consumer<RatisMetricRegistry> reporter, Consumer<RatisMetricRegistry> stopReporter) {}

    @Override
    public void enableJmxReporter() {}

    @Override
    public void enableConsoleReporter(TimeDuration rate) {}

    private record Registry(MetricRegistryInfo info) implements RatisMetricRegistry {
        private static final Timekeeper.Context NO_TIME = () -> 0;
        private static final Timekeeper NO_TIMER = () -> NO_TIME;
        private static final LongCounter NO_COUNTER = new LongCounter() {
            @Override
            public void inc(long count) {}

            @Override
            public void dec(long count) {}

            @Override
            public long getCount() {
                return 0;
            }
        };

        @Override
        public Timekeeper timer(String name) {
            return LogFlushes.timer(info, name).orElse(NO_TIMER);
        }

        @Override
        public LongCounter counter(String name) {
            return NO_COUNTER;
        }

        @Override
        public boolean remove(String name) {
            return false;
        }

        @Override
        public <T> void gauge(String name, Supplier<Supplier<T>> gauge) {}

        @Override
        public MetricRegistryInfo getMetricRegistryInfo() {
            return info;
        }
    }
}
