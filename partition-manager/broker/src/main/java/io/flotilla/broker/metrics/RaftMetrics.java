package io.flotilla.broker.metrics;

import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts and times what a broker's members of Raft groups do.
 *
 * <p>A flush costs some tens of nanoseconds more; the others are rare.
 *
 * <p>Threading: safe for all threads.
 */
final class RaftMetrics implements RaftObserver {
    private final Timer flushes;
    private final Counter gained;
    private final Counter lost;
    private final Map<String, Counter> refusals;

    RaftMetrics(Instruments instruments) {
        this.flushes = instruments.histogram(Metric.RAFT_FLUSH);
        this.gained = instruments.counter(Metric.LEADERSHIP_CHANGES, "gained");
        this.lost = instruments.counter(Metric.LEADERSHIP_CHANGES, "lost");
        this.refusals = RatisHost.refusalReasons().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), reason -> instruments.counter(Metric.RAFT_REFUSALS, reason)));
    }

    @Override
    public void logFlushed(long nanos) {
        flushes.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void leadershipChanged(Leadership before, Leadership now) {
        if (now.isLeader() && !before.isLeader()) {
            gained.increment();
        } else if (before.isLeader() && !now.isLeader()) {
            lost.increment();
        }
    }

    @Override
    public void refused(String reason) {
        Objects.requireNonNull(refusals.get(reason)).increment(); // there is one for each
    }
}
