package io.flotilla.manager;

import io.flotilla.raftlog.partition.Partition.Listening;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * Looks after the cluster on whichever broker leads the metadata: fences brokers that are not heard of, carries out long
 * operations, and replaces replicas that are gone. It decides; brokers act by themselves on what the metadata says then.
 *
 * <p>Threading: one thread of its own.
 */
public final class Controller implements AutoCloseable {
    private final StepLoop loop;
    private final Listening listening;

    private Controller(StepLoop loop, Listening listening) {
        this.loop = loop;
        this.listening = listening;
    }

    /**
     * Starts to work; on a broker that does not lead the metadata it does nothing.
     *
     * @param leads    whether this broker leads the metadata and has applied all that was committed before
     * @param liveness told of each broker that is heard of, by {@link #nowMillis}
     */
    public static Controller start(
            ClusterMetadata metadata, BooleanSupplier leads, Liveness liveness, ControllerSettings settings) {
        ControllerSteps steps = new ControllerSteps(metadata, leads, liveness, Clock.systemUTC()::millis, settings);
        StepLoop loop = StepLoop.start("controller", settings.interval().toMillis(), steps::step);
        Listening listening = metadata.listen(image -> loop.wake());
        return new Controller(loop, listening);
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
    }
}
