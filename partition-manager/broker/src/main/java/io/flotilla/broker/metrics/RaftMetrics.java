package io.flotilla.broker.metrics;

import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
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
    private final Latencies flushes = new Latencies();
    private final LongAdder gained = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder elections = new LongAdder();

    /** By reason, all from the start, so that the first one is seen as an increase. */
    private final Map<String, LongAdder> refusals = RatisHost.refusalReasons().stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), reason -> new LongAdder()));

    @Override
    public void logFlushed(long nanos) {
        flushes.record(nanos);
    }

    @Override
    public void leadershipChanged(Leadership before, Leadership now) {
        if (before.term() > 0 && now.term() > before.term()) { // else it has only learned at which term its group is
            elections.add(now.term() - before.term());
        }
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

    void tell(Samples samples) {
        samples.tell(Metric.RAFT_FLUSH, flushes);
        samples.tell(Metric.LEADERSHIP_CHANGES, gained.sum(), "gained");
        samples.tell(Metric.LEADERSHIP_CHANGES, lost.sum(), "lost");
        samples.tell(Metric.ELECTIONS, elections.sum());
        refusals.forEach((reason, count) -> samples.tell(Metric.RAFT_REFUSALS, count.sum(), reason));
    }
}
