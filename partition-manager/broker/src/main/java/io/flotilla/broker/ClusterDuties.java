package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.broker.internal.InternalEndpoint;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.Heartbeats;
import io.flotilla.manager.Controller;
import io.flotilla.manager.LeaderReporter;
import io.flotilla.manager.LeaderReporterSettings;
import io.flotilla.manager.LeaderWork;
import io.flotilla.manager.Liveness;
import io.flotilla.manager.MetadataGroup;
import io.flotilla.manager.ReplicaSet;
import io.flotilla.raftlog.raft.PeerId;
import java.util.function.Consumer;

/**
 * What a broker does for its cluster besides keeping its replicas: it tells that it is alive and what it leads, looks
 * after the groups it leads, and looks after the whole cluster while it leads the metadata.
 */
final class ClusterDuties implements AutoCloseable {
    private final LeaderReporter reporter;
    private final LeaderWork leaderWork;
    private final Controller controller;
    private final Heartbeats heartbeats;

    private ClusterDuties(
            LeaderReporter reporter, LeaderWork leaderWork, Controller controller, Heartbeats heartbeats) {
        this.reporter = reporter;
        this.leaderWork = leaderWork;
        this.controller = controller;
        this.heartbeats = heartbeats;
    }

    static ClusterDuties start(
            BrokerConfig config,
            PeerId self,
            BrokerMetadata metadata,
            MetadataGroup group,
            ReplicaSet replicas,
            BrokerLinks links,
            InternalEndpoint internal,
            BrokerThreads threads) {
        Liveness liveness = new Liveness();
        Consumer<PeerId> heard = peer -> liveness.heard(peer, Controller.nowMillis());
        internal.serveHeartbeats(heard);
        return new ClusterDuties(
                LeaderReporter.start(metadata, replicas, config.nodeId(), LeaderReporterSettings.DEFAULT),
                LeaderWork.start(metadata, replicas, self, config.control().leaderWork()),
                Controller.start(
                        metadata, group, self, liveness, config.control().controller()),
                Heartbeats.start(metadata, self, links, heard, config.control().heartbeatInterval(), threads.timer()));
    }

    /** Takes and gives no leaderships from now on, since this broker hands all of them over. */
    void stopLeaderWork() {
        leaderWork.close();
    }

    @Override
    public void close() {
        heartbeats.close();
        controller.close();
        leaderWork.close();
        reporter.close();
    }
}
