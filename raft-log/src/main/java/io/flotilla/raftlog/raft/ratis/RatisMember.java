package io.flotilla.raftlog.raft.ratis;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's member of one group.
 *
 * <p>Threading: safe for all threads. Nothing waits for Ratis's locks except {@link #propose}, which appends to the log
 * on the calling thread and waits there while the group's disk queue is full.
 */
final class RatisMember implements ReplicatedGroup, GroupStateMachine.Observer, RatisThreads.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(RatisMember.class);

    private static final long DRAIN_CHECK_MILLIS = 10;
    private static final int DRAIN_CHECKS_MAX = 500;

    private final GroupId id;
    private final ReplicatedState state;
    private final RaftSettings settings;
    private final InProcessRequests requests;
    private final ReadBarrier barrier;
    private final ClientId client;
    private final HostThreads threads;
    private final Path folder;
    private final GroupStateMachine stateMachine;
    private final CheckpointDue checkpointDue;
    private final GuardKeeper guard;
    private final RaftObserver observer;

    private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
    private final AtomicBoolean failureTold = new AtomicBoolean();
    private final AtomicBoolean noticeQueued = new AtomicBoolean();
    private final AtomicBoolean checkpointQueued = new AtomicBoolean();
    private final AtomicBoolean guardQueued = new AtomicBoolean();

    /** Written by the thread of notices only. */
    private volatile Leadership announced = Leadership.UNKNOWN;

    private volatile RaftServer.@Nullable Division division;
    private volatile boolean seenLeader;

    /** In which a follower was told to stand for election, however long that message takes: there is no lease any more. */
    private volatile long handedOverTerm = -1;

    private volatile long readyTerm = -1;
    private volatile boolean stopping;
    private volatile boolean stopped;
    private volatile @Nullable IOException closeFailure;

    /**
     * @param state    opened already; the member owns it from now on
     * @param start    the position at which it opened, and what its guard keeps in mind
     * @param founders the peers of a group that is being made, empty for one that has files
     * @param folder   the group's
     */
    RatisMember(
            GroupId id,
            ReplicatedState state,
            MemberTrust.Start start,
            List<Peer> founders,
            RaftSettings settings,
            InProcessRequests requests,
            ReadBarrier barrier,
            HostThreads threads,
            Path folder,
            RaftObserver observer) {
        this.id = id;
        this.state = state;
        this.settings = settings;
        this.requests = requests;
        this.barrier = barrier;
        this.client = requests.clientOf(id);
        this.threads = threads;
        this.folder = folder;
        this.observer = observer;
        this.stateMachine = new GroupStateMachine(id, state, start.durable(), founders, this);
        this.guard = new GuardKeeper(id, folder, start.base());
        this.checkpointDue = new CheckpointDue(settings.checkpoints(), id.hashCode(), System.nanoTime());
    }

    GroupStateMachine stateMachine() {
        return stateMachine;
    }

    @Override
    public GroupId id() {
        return id;
    }

    @Override
    public List<Peer> peers() {
        RaftServer.Division open = division;
        if (open == null) {
            return List.of();
        }
        return open.getRaftConf().getCurrentPeers().stream()
                .map(RatisPeers::ours)
                .toList();
    }

    @Override
    public Optional<List<Peer>> committedPeers() {
        RaftServer.Division open = division;
        if (open == null || !leadership().isLeader()) {
            return Optional.empty();
        }
        RaftConfiguration configuration = open.getRaftConf();
        boolean settled = configuration.getPreviousPeers().isEmpty()
                && configuration.getLogEntryIndex() <= open.getRaftLog().getLastCommittedIndex();
        return settled
                ? Optional.of(configuration.getCurrentPeers().stream()
                        .map(RatisPeers::ours)
                        .toList())
                : Optional.empty();
    }

    @Override
    public Set<PeerId> followersInStep() {
        RaftServer.Division open = division;
        return open == null || !leadership().isLeader()
                ? Set.of()
                : FollowerProgress.inStep(open, settings.elections().timeoutMax());
    }

    @Override
    public Leadership leadership() {
        RaftServer.Division open = division;
        if (open == null) {
            return Leadership.UNKNOWN;
        }
        DivisionInfo info = open.getInfo();
        while (true) {
            long term = info.getCurrentTerm();
            Leadership seen = leadershipIn(info, term);
            // Role, leader and term are read one by one: together they mean something only within one term.
            if (term == info.getCurrentTerm()) {
                return seen;
            }
        }
    }

    private Leadership leadershipIn(DivisionInfo info, long term) {
        if (stopped || !info.isAlive()) {
            return new Leadership(Leadership.Role.STOPPED, term, Optional.empty(), false);
        }
        RaftPeerRole role = info.getCurrentRole();
        if (role == RaftPeerRole.LEADER) {
            PeerId self = new PeerId(requests.self().toString());
            return new Leadership(Leadership.Role.LEADER, term, Optional.of(self), readyTerm == term);
        }
        if (role == RaftPeerRole.CANDIDATE) {
            return new Leadership(Leadership.Role.CANDIDATE, term, Optional.empty(), false);
        }
        Optional<PeerId> leader = Optional.ofNullable(info.getLeaderId()).map(peer -> new PeerId(peer.toString()));
        return new Leadership(Leadership.Role.FOLLOWER, term, leader, false);
    }

    @Override
    public Optional<GroupProgress> progress() {
        RaftServer.Division open = division;
        return open == null || stopped || !open.getInfo().isAlive()
                ? Optional.empty()
                : Optional.of(MemberProgress.of(open));
    }

    @Override
    public CompletableFuture<ByteBuffer> propose(ByteBuffer entry) {
        if (entry.remaining() > settings.log().entryBytesMax()) {
            // Here and not in Ratis, where a rejection of an oversized entry leaks a permit.
            return CompletableFuture.failedFuture(tooLarge(entry.remaining()));
        }
        return asLeader(
                open -> requests.write(open, client, entry),
                reply -> reply.getMessage().getContent().asReadOnlyByteBuffer());
    }

    @Override
    public CompletableFuture<@Nullable Void> readBarrier() {
        // Ratis's own read comes second: it waits until all is applied, but does not ask each time whether others
        // follow.
        return asLeader(
                open -> requests.bounded(
                        id,
                        barrier.confirm(id, open, leadership().term() != handedOverTerm)
                                .thenCompose(confirmed -> requests.read(open))),
                reply -> null);
    }

    @Override
    public void stop(Throwable failure) {
        broken(failure);
    }

    @Override
    public CompletableFuture<@Nullable Void> transferLeadership(PeerId target) {
        return asLeader(open -> transfer(open, target), reply -> null);
    }

    @Override
    public CompletableFuture<@Nullable Void> changePeers(List<Peer> expected, List<Peer> wanted) {
        Duration silentAfter = settings.elections().timeoutMax();
        return asLeader(open -> PeerChange.submit(requests, open, expected, wanted, silentAfter), reply -> null);
    }

    private CompletableFuture<RaftClientReply> transfer(RaftServer.Division open, PeerId target) {
        handedOverTerm = leadership().term();
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                requests.client(),
                requests.self(),
                open.getMemberId().getGroupId(),
                requests.nextCallId(),
                RaftPeerId.valueOf(target.value()),
                settings.elections().timeoutMax().toMillis());
        try {
            return requests.bounded(id, open.getRaftServer().transferLeadershipAsync(request));
        } catch (IOException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Runs a request that only a leader can serve, and gives its failure the form our port promises. */
    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold goes into the result
    private <T extends @Nullable Object> CompletableFuture<T> asLeader(
            Function<RaftServer.Division, CompletableFuture<RaftClientReply>> request,
            Function<RaftClientReply, T> answer) {
        RaftServer.Division open = division;
        Leadership now = leadership();
        if (open == null || !now.isLeader() || cause.get() != null) {
            return CompletableFuture.failedFuture(RatisErrors.notLeaderOf(id, now.term(), now.leader()));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            request.apply(open).whenComplete((reply, failure) -> {
                Throwable failed = failure != null ? failure : reply.getException();
                if (failed != null) {
                    result.completeExceptionally(RatisErrors.of(id, leadership().term(), failed));
                } else {
                    result.complete(answer.apply(reply));
                }
            });
        } catch (RuntimeException failure) {
            result.completeExceptionally(RatisErrors.of(id, now.term(), failure));
        }
        return result;
    }

    private Refused tooLarge(int bytes) {
        return new Refused(
                ErrorCode.RECORD_TOO_LARGE,
                "entry of " + bytes + " bytes for group " + id + " exceeds the limit of "
                        + settings.log().entryBytesMax(),
                Map.of(
                        "bytes",
                        Integer.toString(bytes),
                        "bytes_max",
                        Integer.toString(settings.log().entryBytesMax())));
    }

    @Override
    public CompletableFuture<LogPosition> checkpoint() {
        CompletableFuture<LogPosition> result = new CompletableFuture<>();
        try {
            threads.work().execute(() -> {
                try {
                    result.complete(checkpointNow());
                } catch (IOException | RuntimeException failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(closed);
        }
        return result;
    }

    private LogPosition checkpointNow() throws IOException {
        checkpointDue.taken(System.nanoTime());
        LogPosition position = stateMachine.checkpoint();
        purge(position);
        return position;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Ratis logs a failure, and the next checkpoint tries again
    private void purge(LogPosition checkpoint) throws IOException {
        RaftServer.Division open = Objects.requireNonNull(division);
        if (stopping || !open.getInfo().isAlive()) {
            return;
        }
        List<PeerId> peers = open.getRaftConf().getAllPeers().stream()
                .map(peer -> new PeerId(peer.getId().toString()))
                .toList();
        Map<PeerId, Long> committed = open.getCommitInfos().stream()
                .collect(Collectors.toMap(
                        info -> new PeerId(info.getServer().getId().toStringUtf8()),
                        info -> info.getCommitIndex(),
                        Math::min));
        // A state that has nothing but the log needs it for every peer, however long that one is away.
        long keptBytesMax = state.catchUp().isPresent() ? settings.log().keptForPeersBytesMax() : Long.MAX_VALUE;
        List<LogFile> files = LogFile.in(GroupFolders.current(folder));
        PurgeLimit.of(checkpoint.index(), peers, committed, files, keptBytesMax)
                .ifPresent(limit -> open.getRaftLog().purge(limit));
    }

    /** Whether it needs no first leader any more, as far as the last {@link #tick} could tell. */
    boolean hasSeenLeader() {
        return seenLeader || stopped;
    }

    /** Called by the host's timer. */
    void tick(long nowNanos) {
        stateMachine.tick();
        Leadership now = leadership();
        if (now.leader().isPresent()) {
            seenLeader = true;
        }
        // Ratis does not report everything: not a lost leader, for one.
        if (!now.equals(announced)) {
            leadershipMayHaveChanged();
        }
        if (checkpointDue.isDue(nowNanos)) {
            queueCheckpoint();
        }
        RaftServer.Division open = division;
        if (open == null || stopping || stopped) {
            return;
        }
        if (guard.isBehind(open) && guardQueued.compareAndSet(false, true)) {
            run(threads.work(), () -> {
                guardQueued.set(false);
                guard.follow(open);
            });
        }
    }

    private void queueCheckpoint() {
        if (stopping || stopped || !checkpointQueued.compareAndSet(false, true)) {
            return;
        }
        run(threads.work(), () -> {
            checkpointQueued.set(false);
            try {
                checkpointNow();
            } catch (IOException | RuntimeException failure) {
                if (!stopping && !stopped) {
                    LOG.error("checkpoint failed group={}", id, failure);
                }
            }
        });
    }

    @Override
    public void opening(RaftServer.Division opening) {
        division = opening;
        ThreadGroup own = opening.getThreadGroup();
        ((RatisThreads) own.getParent()).watch(own, this);
    }

    @Override
    public void applied(LogPosition position, int bytes) {
        if (position.term() != readyTerm) {
            DivisionInfo info = Objects.requireNonNull(division).getInfo();
            if (info.isLeader() && info.getCurrentTerm() == position.term()) {
                readyTerm = position.term();
                leadershipMayHaveChanged();
            }
        }
        if (checkpointDue.applied(bytes)) {
            queueCheckpoint();
        }
    }

    @Override
    public void truncating(long firstRemoved) {
        guard.truncating(firstRemoved);
    }

    @Override
    public void peersWritten() {
        guard.peersWritten();
    }

    @Override
    public void leadershipMayHaveChanged() {
        if (noticeQueued.compareAndSet(false, true)) {
            run(threads.notices(), this::announce);
        }
    }

    private void announce() {
        noticeQueued.set(false);
        Leadership now = leadership();
        Leadership before = announced;
        if (now.equals(before)) {
            return;
        }
        announced = now;
        observer.leadershipChanged(before, now);
        LOG.info(
                "leadership group={} role={} term={} leader={} ready={}",
                id,
                now.role(),
                now.term(),
                now.leader().map(PeerId::value).orElse("none"),
                now.ready());
        state.leadershipChanged(now);
    }

    @Override
    public void broken(Throwable failure) {
        if (cause.compareAndSet(null, failure)) {
            LOG.error("member stops group={}", id, failure);
            // Elsewhere: closing waits for the very threads that report failures.
            run(threads.work(), () -> stopWhenDrained(DRAIN_CHECKS_MAX));
        }
    }

    /** Without it the member would be there and not do its part. One whose log has failed may lose threads as it stops. */
    @Override
    public void threadEnded(Thread thread, Throwable failure) {
        if (stopping || stopped || cause.get() != null) {
            LOG.info(
                    "thread {} of a member that stops met its end group={}: {}",
                    thread.getName(),
                    id,
                    failure.toString());
        } else {
            broken(new IOException("thread " + thread.getName() + " ended by an error of its own", failure));
        }
    }

    /**
     * Closes the division once it has run through what is committed. If the log failed too, Ratis's applying thread may
     * meet that and close the division itself; should somebody else be closing it by then, it would spin for ever.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void stopWhenDrained(int checksLeft) {
        RaftServer.Division open = Objects.requireNonNull(division);
        if (!open.getInfo().isAlive()) {
            return;
        }
        boolean drained =
                open.getInfo().getLastAppliedIndex() >= open.getRaftLog().getLastCommittedIndex();
        if (drained || checksLeft == 0) {
            open.close();
            return;
        }
        Runnable again = () -> run(threads.work(), () -> stopWhenDrained(checksLeft - 1));
        run(task -> threads.timer().schedule(task, DRAIN_CHECK_MILLIS, TimeUnit.MILLISECONDS), again);
    }

    /**
     * One that was taken out can come back with nothing to remember; what else has stopped it is for an operator to judge. It
     * may not have heard yet that the peers without it are committed; who comes back asks the leader for that first. Or it
     * was away all the while and goes by the peers of before: then it stands for election, and the leader tells it to stop.
     */
    private IOException reasonOfStop() {
        RaftServer.Division stopped = Objects.requireNonNull(division);
        boolean isPeer = stopped.getRaftConf().getCurrentPeers().stream()
                .anyMatch(peer -> peer.getId().equals(requests.self()));
        return isPeer && !stopped.getInfo().isCandidate()
                ? new IOException("Ratis stopped the member of group " + id
                        + ": its log failed, or the process stood still too long")
                : new DamagedMember("the member of group " + id + " stopped, since it was taken out of the group");
    }

    @Override
    public void closed(@Nullable IOException failure) {
        stopped = true;
        closeFailure = failure;
        leadershipMayHaveChanged();
        if (stopping && cause.get() == null) {
            guard.ending(Objects.requireNonNull(division));
            return;
        }
        cause.compareAndSet(null, reasonOfStop());
        if (failureTold.compareAndSet(false, true)) {
            Throwable told = Objects.requireNonNull(cause.get());
            run(threads.notices(), () -> state.failed(told));
        }
    }

    /** Announces that the host stops the member on purpose. */
    void stopping() {
        stopping = true;
        stateMachine.stopping();
    }

    /**
     * The host has stopped the member; its log is closed.
     *
     * @param filesDeleted whether its folder is gone, guard and all
     */
    void ended(boolean filesDeleted) {
        guard.stopped(division, stopping && cause.get() == null && !filesDeleted);
    }

    /**
     * Reads the closed files of the log. If one is damaged the member stops.
     *
     * @throws DamagedMember if one is
     */
    void verifyLog() throws IOException {
        try {
            LogScrub.verify(
                    id, GroupFolders.current(folder), RatisProfile.appendBytesMax(settings), guard::mayBeTruncating);
        } catch (DamagedMember damaged) {
            broken(damaged);
            throw damaged;
        }
    }

    /** Why the state could not be closed well, if so. */
    Optional<IOException> closeFailure() {
        return Optional.ofNullable(closeFailure);
    }

    private void run(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.debug("host closed, skipped a task of group {}", id, closed);
        }
    }
}
