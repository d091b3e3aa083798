package io.flotilla.broker.metadata;

import io.flotilla.broker.internal.BrokerLinks;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells the leader of the metadata, again and again, that this broker is alive. What is not answered is not repeated: the
 * next sign of life comes soon.
 *
 * <p>Threading: closed by any thread.
 */
public final class Heartbeats implements AutoCloseable {
    private final ScheduledFuture<?> beating;

    private Heartbeats(ScheduledFuture<?> beating) {
        this.beating = beating;
    }

    /** @param own where this broker, while it leads the metadata itself, tells its own life and not over the network */
    public static Heartbeats start(
            BrokerMetadata metadata,
            PeerId self,
            BrokerLinks links,
            Consumer<PeerId> own,
            Duration interval,
            ScheduledExecutorService timer) {
        Runnable beat = () -> {
            Optional<Integer> leader = metadata.quorum().leader();
            if (leader.isEmpty()) {
                return;
            }
            if (leader.get() == self.nodeId()) {
                own.accept(self);
            } else {
                var unused = links.heartbeat(leader.get(), metadata.image(), self, interval);
            }
        };
        long millis = interval.toMillis();
        return new Heartbeats(timer.scheduleWithFixedDelay(beat, 0, millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        beating.cancel(false);
    }
}
