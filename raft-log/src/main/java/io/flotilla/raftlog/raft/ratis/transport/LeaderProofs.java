package io.flotilla.raftlog.raft.ratis.transport;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a majority still followed a leader at some time: then nobody else had been elected by then, so nothing
 * was committed that the leader lacks (Ongaro's dissertation, 6.4).
 *
 * <p>Ratis has the same check, and passes over it: once a read was confirmed by a majority, it takes each later one for
 * confirmed too until another entry is committed. A leader that has lost its majority commits none, and goes on answering
 * with what it knew before.
 *
 * <p>Threading: safe for all threads.
 */
public final class LeaderProofs {
    private static final String PARAMETER = LeaderProofs.class.getName();

    /** By follower. Held weakly, since it is Ratis that ends them, with all that their leadership had in memory. */
    private final Map<UUID, Map<RaftPeerId, WeakReference<LogAppender>>> appenders = new ConcurrentHashMap<>();

    private final long leaseMillis;

    /** @param properties of the server, which say how long a lease lasts */
    public LeaderProofs(RaftProperties properties) {
        this.leaseMillis = RaftServerConfigKeys.Rpc.timeoutMin(properties)
                .multiply(RaftServerConfigKeys.Read.leaderLeaseTimeoutRatio(properties))
                .toLong(TimeUnit.MILLISECONDS);
    }

    /** Hands these proofs through Ratis to the transport, which adds appenders to them. */
    public void putInto(Parameters parameters) {
        parameters.put(PARAMETER, this, LeaderProofs.class);
    }

    /** Those of the server that the parameters are for. */
    public static LeaderProofs in(Parameters parameters) {
        return parameters.getNonNull(PARAMETER, LeaderProofs.class);
    }

    /** Learns of the appender of a new leadership, and returns it. */
    public LogAppender add(LogAppender appender) {
        appenders
                .computeIfAbsent(groupOf(appender.getServer()), unused -> new ConcurrentHashMap<>())
                .put(appender.getFollowerId(), new WeakReference<>(appender));
        return appender;
    }

    /** A group has no member here any more. */
    public void forget(UUID group) {
        appenders.remove(group);
    }

    /**
     * Whether a majority follows the leader by answers to what it was sent a moment ago. Followers that have heard from
     * their leader vote for nobody else for longer than that, unless the leader itself asks them to.
     */
    public boolean hasLease(RaftServer.Division leader) {
        return isProved(leader, Timestamp.currentTime().addTimeMs(-leaseMillis));
    }

    /** Whether a majority has answered something that it was sent at that time or later. */
    public boolean isProved(RaftServer.Division leader, Timestamp since) {
        RaftConfiguration configuration = leader.getRaftConf();
        Map<RaftPeerId, WeakReference<LogAppender>> followers = appenders.getOrDefault(groupOf(leader), Map.of());
        return isMajority(leader.getId(), configuration.getCurrentPeers(), followers, since)
                && (configuration.getPreviousPeers().isEmpty()
                        || isMajority(leader.getId(), configuration.getPreviousPeers(), followers, since));
    }

    private static boolean isMajority(
            RaftPeerId self,
            Collection<RaftPeer> voters,
            Map<RaftPeerId, WeakReference<LogAppender>> followers,
            Timestamp since) {
        long agree = voters.stream()
                .map(RaftPeer::getId)
                .filter(voter -> voter.equals(self) || hasAnswered(followers.get(voter), since))
                .count();
        return agree > voters.size() / 2;
    }

    private static boolean hasAnswered(@Nullable WeakReference<LogAppender> reference, Timestamp since) {
        LogAppender appender = reference == null ? null : reference.get();
        return appender != null
                && appender.isRunning()
                && appender.getFollower()
                                .getLastRespondedAppendEntriesSendTime()
                                .compareTo(since)
                        >= 0;
    }

    /** Sends something to every follower that it will answer. */
    public void ask(RaftServer.Division leader) {
        appenders.getOrDefault(groupOf(leader), Map.of()).values().stream()
                .map(WeakReference::get)
                .filter(appender -> appender != null && appender.isRunning())
                .forEach(LogAppender::triggerHeartbeat);
    }

    private static UUID groupOf(RaftServer.Division member) {
        return member.getMemberId().getGroupId().getUuid();
    }
}
