package io.flotilla.manager;

import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.PeerId;

/**
 * Looks after the groups that this broker leads for as long as it runs: their voters become what the metadata wants, and
 * leaderships go to the brokers that should have them. No broker commands another in this, so that a move goes on
 * whoever fails.
 *
 * <p>Threading: one thread of its own.
 */
public final class LeaderWork implements AutoCloseable {
    private final StepLoop loop;
    private final Listening listening;

    private LeaderWork(StepLoop loop, Listening listening) {
        this.loop = loop;
        this.listening = listening;
    }

    /**
     * Starts to work. The caller closes it before the replicas' host, and before it hands its leaderships over to stop.
     *
     * @param self this broker's peer
     */
    public static LeaderWork start(
            ClusterMetadata metadata, ReplicaSet replicas, PeerId self, LeaderWorkSettings settings) {
        LeaderSteps steps = new LeaderSteps(replicas, self, settings);
        StepLoop loop = StepLoop.start(
                "leader-work",
                settings.interval().toMillis(),
                (nowMillis, wake) -> steps.step(metadata.image(), nowMillis, wake));
        Listening listening = metadata.listen(image -> loop.wake());
        return new LeaderWork(loop, listening);
    }

    /** May be called twice. */
    @Override
    public void close() {
        listening.close();
        loop.close();
    }
}
