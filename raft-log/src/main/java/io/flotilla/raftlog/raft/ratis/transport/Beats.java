package io.flotilla.raftlog.raft.ratis.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one clock of all appenders: at each beat the heartbeats that are due go out, one message for each peer whatever
 * the number of groups. At every few beats all are due, busy or not; at the others those of followers that have all
 * entries but do not know them committed.
 *
 * <p>Threading: a beat runs on the clock's own thread, and never waits for an appender.
 */
final class Beats implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Beats.class);

    private static final long BEAT_MILLIS_MAX = 250;
    private static final long CLOSE_SECONDS = 2;

    private final ScheduledExecutorService clock;
    private final Appenders appenders;
    private final AppenderContext context;
    private final long beatMillis;
    private final int beatsPerHeartbeat;
    private long count;

    Beats(Appenders appenders, AppenderContext context, long beatMillis, String name) {
        this.appenders = appenders;
        this.context = context;
        this.beatMillis = beatMillis;
        // Never later than half the shortest election timeout.
        this.beatsPerHeartbeat = Math.toIntExact(Math.max(1, context.heartbeatMillis() / beatMillis));
        this.clock = Executors.newSingleThreadScheduledExecutor(Threads.named(name));
    }

    /** Half the longest time a follower may go without a heartbeat, but often enough to find what was lost. */
    static long beatMillis(long heartbeatMillis) {
        return Math.max(1, Math.min(heartbeatMillis / 2, BEAT_MILLIS_MAX));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the clock
    void start() {
        clock.scheduleAtFixedRate(this::beat, beatMillis, beatMillis, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            boolean heartbeats = count++ % beatsPerHeartbeat == 0;
            Map<RaftPeerId, List<AppendEntriesRequestProto>> due = new HashMap<>();
            appenders.forEach(appender -> appender.beat(
                    heartbeats, due.computeIfAbsent(appender.getFollowerId(), follower -> new ArrayList<>())));
            due.forEach(this::send);
        } catch (RuntimeException failure) {
            LOG.error("a beat failed", failure);
        }
    }

    private void send(RaftPeerId follower, List<AppendEntriesRequestProto> heartbeats) {
        for (int from = 0; from < heartbeats.size(); from += Kind.PARTS_MAX) {
            int to = Math.min(from + Kind.PARTS_MAX, heartbeats.size());
            context.sendHeartbeats(follower, heartbeats.subList(from, to));
        }
    }

    @Override
    public void close() {
        Threads.stop(clock, CLOSE_SECONDS);
    }
}
