package io.flotilla.raftlog.raft.ratis.transport;

import static java.util.Objects.requireNonNull;

import io.flotilla.raftlog.raft.ratis.transport.LostLeaderRules.Times;
import io.flotilla.raftlog.raft.ratis.transport.LostLeaderRules.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elections of groups whose leader is gone, without waiting for their followers' own timeouts.
 *
 * <p>A peer is lost when no connection to it is up for as long as a leader's lease lasts: a process that dies takes its
 * connections with it. Whoever loses the last one knocks there once, which opens a new one to a peer that lives. A peer is
 * lost too when nothing at all has come from it for the mean election timeout: a member's own clock, which Ratis lets sleep
 * for a whole timeout before it looks, needs up to twice the longest.
 *
 * <p>In each group that the lost peer led the members that are left have their turns: one asks the others whether they have
 * lost the leader too and have no newer entry, and with a majority it stands for election. Ratis would begin with a
 * pre-vote, which members refuse until the shortest timeout has gone by; this question takes the pre-vote's place. Whoever
 * still hears from the leader says no, so a broken link alone changes nothing, and the lease is over before anybody says
 * yes.
 *
 * <p>What a pre-vote leaves open this leaves open too: a leader that is heard of again between the answer and the vote. A
 * member that was told to stand and then reaches nobody goes on standing, with a new term each time, until it does.
 *
 * <p>Threading: safe for all threads; a clock of its own tells when, and what asks Ratis runs where it may block.
 */
final class LostLeaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LostLeaders.class);

    /** From one member's turn to the next: time for an election between brokers of one region. */
    private static final long TURN_MILLIS = 100;

    /** For the others to have lost it for as long. */
    private static final long OTHERS_MILLIS = 20;

    /** For the one that was promised support to be elected: whoever promised it does not stand against it meanwhile. */
    private static final long PROMISE_MILLIS = 500;

    /** Then the followers' own timeouts are near. */
    private static final int ROUNDS_MAX = 5;

    /** Looks for silent peers in the time that one may be silent. */
    private static final int LOOKS = 15;

    /** A clock that comes so many times later than it should has slept: then nobody else was silent. */
    private static final int LATE_TIMES = 3;

    private static final long CLOSE_SECONDS = 2;

    private final RaftServer server;
    private final RaftPeerId self;
    private final Wire wire;
    private final Calls calls;
    private final Times times;
    private final Consumer<Runnable> mayBlock;
    private final ScheduledThreadPoolExecutor clock;
    private final Map<RaftPeerId, Long> brokenSinceNanos = new ConcurrentHashMap<>();
    /** Peers that were connected once, and whether they are silent. */
    private final Map<RaftPeerId, Boolean> silent = new ConcurrentHashMap<>();

    /** By group, when this member asked for support and when it promised its own. */
    private final Map<UUID, Long> askedNanos = new ConcurrentHashMap<>();

    private final Map<UUID, Long> promisedNanos = new ConcurrentHashMap<>();

    private long lookedNanos = System.nanoTime();
    private volatile long awakeSinceNanos = System.nanoTime();

    /** @param mayBlock runs tasks that wait for a group's lock or for the disk */
    LostLeaders(RaftServer server, RaftPeerId self, Wire wire, Calls calls, Times times, Consumer<Runnable> mayBlock) {
        this.server = server;
        this.self = self;
        this.wire = wire;
        this.calls = calls;
        this.times = times;
        this.mayBlock = mayBlock;
        this.clock = new ScheduledThreadPoolExecutor(1, Threads.named(self + "-raft-lost"));
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the clock
    void start() {
        long millis = Math.max(1, times.silenceMillis() / LOOKS);
        clock.scheduleWithFixedDelay(() -> look(millis), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A lane to the peer has broken. One of this member to itself, as a request to a leader may need, is none to mourn. */
    void lost(RaftPeerId peer) {
        if (!peer.equals(self)
                && wire.silentMillis(peer).isEmpty()
                && brokenSinceNanos.putIfAbsent(peer, System.nanoTime()) == null) {
            mayBlock.accept(() -> knock(peer));
            after(times.leaseMillis() + OTHERS_MILLIS, () -> mayBlock.accept(() -> begin(peer)));
        }
    }

    /** A lane to the peer has come up. */
    void connected(RaftPeerId peer) {
        if (!peer.equals(self)) {
            brokenSinceNanos.remove(peer);
            silent.putIfAbsent(peer, false);
        }
    }

    /** Whoever has slept itself has heard nobody meanwhile, and gives all the same time anew. */
    private void look(long everyMillis) {
        long now = System.nanoTime();
        if (now - lookedNanos > TimeUnit.MILLISECONDS.toNanos(LATE_TIMES * everyMillis)) {
            awakeSinceNanos = now;
        }
        lookedNanos = now;
        silent.replaceAll((peer, before) -> {
            boolean is = isSilent(peer);
            if (is && !before) {
                mayBlock.accept(() -> begin(peer));
            }
            return is;
        });
    }

    private boolean isSilent(RaftPeerId peer) {
        return LostLeaderRules.isSilent(wire.silentMillis(peer), millisSince(awakeSinceNanos), times);
    }

    private boolean isLost(RaftPeerId peer) {
        Long since = brokenSinceNanos.get(peer);
        return since != null ? millisSince(since) >= times.leaseMillis() : isSilent(peer);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** The question is the peer's own leadership, so a peer that lives says no; what counts is that it can be reached. */
    private void knock(RaftPeerId peer) {
        for (RaftServer.Division member : led(peer)) {
            View view = viewOf(member);
            if (LostLeaderRules.mayStand(view, peer)) {
                CompletableFuture<RequestVoteReplyProto> unused = ask(member, view, peer);
                return;
            }
        }
    }

    private void begin(RaftPeerId peer) {
        List<RaftServer.Division> members = isLost(peer) ? led(peer) : List.of();
        for (RaftServer.Division member : members) {
            List<RaftPeerId> left = left(member, peer);
            if (left.size() > 1) {
                long millis = TURN_MILLIS * LostLeaderRules.turn(groupOf(member), self, left);
                after(millis, () -> mayBlock.accept(() -> round(member, peer, 1)));
            }
        }
        if (!members.isEmpty()) {
            LOG.info("lost a leader peer={} groups={}", peer, members.size());
        }
    }

    /** The members here that follow the peer. */
    private List<RaftServer.Division> led(RaftPeerId peer) {
        List<RaftServer.Division> members = new ArrayList<>();
        for (RaftGroupId group : server.getGroupIds()) {
            try {
                RaftServer.Division member = server.getDivision(group);
                DivisionInfo info = member.getInfo();
                if (info.getLifeCycleState() == LifeCycle.State.RUNNING && peer.equals(info.getLeaderId())) {
                    members.add(member);
                }
            } catch (IOException removed) { // this group alone: the others have lost their leader all the same
                LOG.debug("group {} went while those of {} were looked for", group, peer, removed);
            }
        }
        return members;
    }

    /**
     * Voters without the lost one, this one among them; none while the voters change, or if this one has no vote: then the
     * timeouts decide.
     */
    private List<RaftPeerId> left(RaftServer.Division member, RaftPeerId lost) {
        RaftConfiguration peers = member.getRaftConf();
        List<RaftPeerId> voters =
                peers.getCurrentPeers().stream().map(RaftPeer::getId).toList();
        return peers.getPreviousPeers().isEmpty() && voters.contains(self) && voters.contains(lost)
                ? voters.stream().filter(voter -> !voter.equals(lost)).toList()
                : List.of();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a question that fails is one without support
    private void round(RaftServer.Division member, RaftPeerId lost, int round) {
        View view = viewOf(member);
        if (!isLost(lost) || !LostLeaderRules.mayStand(view, lost)) {
            return;
        }
        if (isRecent(promisedNanos, groupOf(member))) {
            again(member, lost, round, PROMISE_MILLIS);
            return;
        }
        askedNanos.put(groupOf(member), System.nanoTime());
        Collection<RaftPeerId> left = left(member, lost);
        int voters = left.size() + 1;
        AtomicInteger supporters = new AtomicInteger(1);
        AtomicInteger unanswered = new AtomicInteger(left.size() - 1);
        for (RaftPeerId other : left) {
            if (!other.equals(self)) {
                ask(member, view, other).whenComplete((reply, failure) -> {
                    boolean supported =
                            failure == null && reply.getServerReply().getSuccess();
                    int count = supported ? supporters.incrementAndGet() : supporters.get();
                    boolean last = unanswered.decrementAndGet() == 0;
                    if (supported && count == LostLeaderRules.majority(voters)) {
                        mayBlock.accept(() -> stand(member, view, lost));
                    } else if (last && count < LostLeaderRules.majority(voters)) {
                        again(member, lost, round, TURN_MILLIS * left.size());
                    }
                });
            }
        }
    }

    private void again(RaftServer.Division member, RaftPeerId lost, int round, long millis) {
        if (round < ROUNDS_MAX) {
            after(millis, () -> mayBlock.accept(() -> round(member, lost, round + 1)));
        }
    }

    private static boolean isRecent(Map<UUID, Long> times, UUID group) {
        Long nanos = times.get(group);
        boolean is = nanos != null && millisSince(nanos) < PROMISE_MILLIS;
        if (nanos != null && !is) {
            times.remove(group, nanos);
        }
        return is;
    }

    private CompletableFuture<RequestVoteReplyProto> ask(RaftServer.Division member, View view, RaftPeerId other) {
        RequestVoteRequestProto question = RequestVoteRequestProto.newBuilder()
                .setServerRequest(header(member, other))
                .setPreVote(true)
                .setCandidateTerm(view.term())
                .setCandidateLastEntry(requireNonNull(view.last()).toProto())
                .build();
        return calls.call(
                other,
                Kind.LEADER_LOST,
                Kind.LEADER_LOST_REPLY,
                groupOf(member),
                question,
                RequestVoteReplyProto.class);
    }

    private RaftRpcRequestProto header(RaftServer.Division member, RaftPeerId to) {
        return RaftRpcRequestProto.newBuilder()
                .setRequestorId(self.getRaftPeerIdProto().getId())
                .setReplyId(to.getRaftPeerIdProto().getId())
                .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(
                        member.getMemberId().getGroupId()))
                .build();
    }

    /** Has the member stand for election, as if the leader had asked it to. */
    private void stand(RaftServer.Division member, View view, RaftPeerId lost) {
        if (isRecent(promisedNanos, groupOf(member))) { // since it asked, to one whose turn comes before
            return;
        }
        RaftRpcRequestProto inItsName = header(member, self).toBuilder()
                .setRequestorId(lost.getRaftPeerIdProto().getId())
                .build();
        try {
            StartLeaderElectionReplyProto reply = ((RaftServerProtocol) member)
                    .startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                            .setServerRequest(inItsName)
                            .setLeaderLastEntry(requireNonNull(view.last()).toProto())
                            .build());
            LOG.info(
                    "stands for election, since the leader is lost group={} leader={} started={}",
                    groupOf(member),
                    lost,
                    reply.getServerReply().getSuccess());
        } catch (IOException | RuntimeException failure) { // its timeout will come
            LOG.debug("could not stand for election group={}", groupOf(member), failure);
        }
    }

    /** Answers another member that wants to stand. */
    RequestVoteReplyProto answer(RaftServer.Division member, RequestVoteRequestProto question) {
        View view = viewOf(member);
        RaftPeerId leader = view.leader();
        boolean supports = LostLeaderRules.supports(
                view,
                leader != null && isLost(leader),
                question.getCandidateTerm(),
                TermIndex.valueOf(question.getCandidateLastEntry()));
        RaftRpcRequestProto asked = question.getServerRequest();
        supports &= leader != null && !comesBefore(member, leader, RaftPeerId.valueOf(asked.getRequestorId()));
        if (supports) {
            promisedNanos.put(groupOf(member), System.nanoTime());
        }
        LOG.debug("asked whether the leader is lost group={} leader={} supports={}", groupOf(member), leader, supports);
        return RequestVoteReplyProto.newBuilder()
                .setServerReply(RaftRpcReplyProto.newBuilder()
                        .setRequestorId(asked.getRequestorId())
                        .setReplyId(asked.getReplyId())
                        .setRaftGroupId(asked.getRaftGroupId())
                        .setSuccess(supports))
                .setTerm(view.term())
                .build();
    }

    /** Whether this member has asked too, and its turn is before that of the other: one of the two has to give way. */
    private boolean comesBefore(RaftServer.Division member, RaftPeerId lost, RaftPeerId other) {
        UUID group = groupOf(member);
        List<RaftPeerId> left = left(member, lost);
        return isRecent(askedNanos, group)
                && left.contains(other)
                && LostLeaderRules.turn(group, self, left) < LostLeaderRules.turn(group, other, left);
    }

    private static View viewOf(RaftServer.Division member) {
        DivisionInfo info = member.getInfo();
        try {
            return new View(
                    info.isFollower(),
                    info.getLeaderId(),
                    info.getCurrentTerm(),
                    member.getRaftLog().getLastEntryTermIndex());
        } catch (IllegalStateException logClosed) { // the member is about to end
            return new View(false, null, info.getCurrentTerm(), null);
        }
    }

    private static UUID groupOf(RaftServer.Division member) {
        return member.getMemberId().getGroupId().getUuid();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the clock
    private void after(long millis, Runnable task) {
        try {
            clock.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("closed before its turn came");
        }
    }

    @Override
    public void close() {
        Threads.stop(clock, CLOSE_SECONDS);
    }
}
