package io.flotilla.manager;

import io.flotilla.raftlog.partition.Partition.Listening;

/**
 * Keeps the metadata's leader hints of the partitions that this broker leads up to date, for as long as the broker runs.
 *
 * <p>Threading: one thread of its own.
 */
public final class LeaderReporter implements AutoCloseable {
    private final StepLoop loop;
    private final Listening listening;

    private LeaderReporter(StepLoop loop, Listening listening) {
        this.loop = loop;
        this.listening = listening;
    }

    /** Starts to work. The caller closes it before the replicas' host. */
    public static LeaderReporter start(
            ClusterMetadata metadata, ReplicaSet replicas, int brokerId, LeaderReporterSettings settings) {
        LeaderReporting reporting = new LeaderReporting(metadata, replicas, brokerId, settings);
        StepLoop loop = StepLoop.start("leader-reporter", settings.interval().toMillis(), reporting::step);
        Listening listening = metadata.listen(image -> loop.wake());
        loop.wake(); // for an image that came between the first step and the listener
        return new LeaderReporter(loop, listening);
    }

    /** Has leaderships looked at now instead of at the next interval. */
    public void wake() {
        loop.wake();
    }

    /** May be called twice. */
    @Override
    public void close() {
        listening.close();
        loop.close();
    }
}
