package io.flotilla.manager;

import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Clock;

/**
 * Looks after the cluster on whichever broker leads the metadata: fences brokers that are not heard of, carries out long
 * operations, replaces replicas that are gone, and has the metadata's own voters follow. It decides; brokers act by themselves on what the metadata says then.
 *
 * <p>Threading: two threads of its own, since a change of the metadata's voters can take long.
 */
public final class Controller implements AutoCloseable {
    private final StepLoop loop;
    private final StepLoop voters;
    private final Listening listening;

    private Controller(StepLoop loop, StepLoop voters, Listening listening) {
        this.loop = loop;
        this.voters = voters;
        this.listening = listening;
    }

    /**
     * Starts to work; on a broker that does not lead the metadata it does nothing.
     *
     * @param group    of the metadata
     * @param self     this broker's peer
     * @param liveness told of each broker that is heard of, by {@link #nowMillis}
     */
    public static Controller start(
            ClusterMetadata metadata,
            MetadataGroup group,
            PeerId self,
            Liveness liveness,
            ControllerSettings settings) {
        ControllerSteps steps = new ControllerSteps(
                metadata,
                group::isReadyLeader,
                () -> group.committedVoters()
                        .map(peers -> peers.stream().map(Peer::id).toList()),
                liveness,
                Clock.systemUTC()::millis,
                settings);
        MetadataVoterSteps voterSteps = new MetadataVoterSteps(group, self, settings);
        StepLoop loop = StepLoop.start("controller", settings.interval().toMillis(), steps::step);
        StepLoop voters = StepLoop.start(
                "metadata-voters",
                settings.interval().toMillis(),
                (nowMillis, wake) -> voterSteps.step(metadata.image(), nowMillis, wake));
        Listening listening = metadata.listen(image -> {
            loop.wake();
            voters.wake();
        });
        return new Controller(loop, voters, listening);
    }

    /** The controller's clock, which never goes back. */
    public static long nowMillis() {
        return StepLoop.nowMillis();
    }

    /** May be called twice. */
    @Override
    public void close() {
        listening.close();
        loop.close();
        voters.close();
    }
}
