package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.PeerId;

/**
 * Makes this broker's replicas what the metadata says, for as long as the broker runs. Woken by new images and by a
 * timer; what it does may be done again without harm.
 *
 * <p>It deletes replicas of topics that the image does not know, so the image must be new enough. After a restart it may
 * not be: a voter begins with the image of its last snapshot, and a replica made since then would look like one of a
 * deleted topic. Therefore nothing is done before the image has reached {@code registrationVersion}, the version that
 * the metadata answered when this process registered its broker. The answer came through the leader after this process
 * started, so every replica found on the disk was made by an image before it; replicas made later are made by images
 * this process has seen, whose versions never go back. The cluster id is checked for the same reason.
 *
 * <p>Existing replicas do not wait for any of this: their host opens them from their own files.
 *
 * <p>Threading: one thread of its own; creation and deletion of replicas run on it.
 */
public final class Reconciler implements AutoCloseable {
    private final StepLoop loop;
    private final Listening listening;

    private Reconciler(StepLoop loop, Listening listening) {
        this.loop = loop;
        this.listening = listening;
    }

    /**
     * Starts to work. The caller closes it before the replicas' host.
     *
     * @param self                this broker's peer, {@code <broker id>-<directory id>}
     * @param clusterId           cluster this broker's data folder belongs to
     * @param registrationVersion version of the {@code Accepted} outcome of this process's own {@code RegisterBroker}
     */
    public static Reconciler start(
            ClusterMetadata metadata,
            ReplicaSet replicas,
            PeerId self,
            String clusterId,
            long registrationVersion,
            ReconcilerSettings settings) {
        Reconciliation reconciliation = new Reconciliation(replicas, self, settings);
        long intervalMillis = settings.interval().toMillis();
        StepLoop loop = StepLoop.start("reconciler", intervalMillis, (nowMillis, wake) -> {
            MetadataImage image = metadata.image();
            return mayDecide(image, clusterId, registrationVersion)
                    ? reconciliation.step(image, nowMillis)
                    : intervalMillis;
        });
        Listening listening = metadata.listen(image -> loop.wake());
        loop.wake(); // for an image that came between the first step and the listener
        return new Reconciler(loop, listening);
    }

    static boolean mayDecide(MetadataImage image, String clusterId, long registrationVersion) {
        return image.version() > 0
                && image.version() >= registrationVersion
                && image.clusterId().equals(clusterId);
    }

    /** Waits for the change being made. May be called twice. */
    @Override
    public void close() {
        listening.close();
        loop.close();
    }
}
