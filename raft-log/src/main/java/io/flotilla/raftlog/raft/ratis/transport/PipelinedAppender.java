package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.ratis.transport.FairTurns.Seat;
import io.flotilla.raftlog.raft.ratis.transport.InFlight.Sent;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a follower of one group, while this server leads it, to the leader's log. In place of a thread it takes turns
 * with all others of its kind: after new entries, an answer, a broken connection, and at each beat of the transport's
 * clock.
 *
 * <p>Of {@link LogAppenderBase} it keeps the bookkeeping; the daemon thread in there is never started, which leaves its
 * life cycle at NEW: to Ratis that is a working appender, and stopping it takes effect at once. Ratis waits for that
 * under its lock, so a turn that needs the lock must not be waited for. A turn may therefore run on while the server
 * steps down. It can do no harm: a request names the leader's term and is refused by whoever knows a later one, and
 * composing one fails once the server's own term has moved on, before which no entry of a later term is in the log.
 *
 * <p>Threading: all state is confined to a turn, but for the events that wait for one.
 */
final class PipelinedAppender extends LogAppenderBase {
    private static final Logger LOG = LoggerFactory.getLogger(PipelinedAppender.class);

    /** Entries and bytes of one request; a single larger entry goes alone. */
    static final int ENTRIES_PER_REQUEST_MAX = 1024;

    static final int BYTES_PER_REQUEST_MAX = 1024 * 1024;

    private static final long FIRST_PAUSE_MILLIS = 20;

    /** Something that happened to this appender, dealt with in its next turn. */
    private interface Event {
        void happened();
    }

    private final AppenderContext context;
    private final UUID group;
    private final Seat seat;
    private final PeerBudget budget;
    private final InFlight inFlight;
    private final HeartbeatsOut heartbeats = new HeartbeatsOut();
    private final SnapshotNotices notices;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private volatile boolean heartbeatAsked;
    private boolean votesAreDurable;
    private int failures;
    private long pausedUntilNanos;
    private boolean paused;

    PipelinedAppender(
            RaftServer.Division server, LeaderState leaderState, FollowerInfo follower, AppenderContext context) {
        super(server, leaderState, follower);
        this.context = context;
        this.group = server.getMemberId().getGroupId().getUuid();
        this.seat = context.turns().seat(this::turn);
        this.budget = context.budgetOf(follower.getId());
        this.inFlight = new InFlight(context.requestsInFlightMax(), context.bytesInFlightMax(), budget);
        this.notices = new SnapshotNotices(this);
    }

    UUID group() {
        return group;
    }

    @Override
    public void start() {
        if (RemovedMembers.drop(this)) {
            return;
        }
        context.started(this);
        seat.ask();
    }

    @Override
    public CompletableFuture<LifeCycle.State> stopAsync() {
        CompletableFuture<LifeCycle.State> stopped = super.stopAsync();
        context.stopped(this);
        seat.ask();
        return stopped;
    }

    /** Never called: there is no daemon. */
    @Override
    public void run() {
        throw new IllegalStateException(this + " has no thread of its own");
    }

    @Override
    public void notifyLogAppender() {
        seat.ask();
    }

    @Override
    public void triggerHeartbeat() {
        heartbeatAsked = true;
        seat.ask();
    }

    /** Requests of all appenders share one sequence: an answer to an earlier leadership is never taken for one to this. */
    @Override
    public long getCallId() {
        return context.calls().peek();
    }

    @Override
    public Comparator<Long> getCallIdComparator() {
        return Comparator.naturalOrder();
    }

    @Override
    public boolean hasPendingDataRequests() {
        return !inFlight.isEmpty();
    }

    // What others tell it, on their threads.

    void answered(AppendEntriesReplyProto reply) {
        tell(() -> onReply(reply));
    }

    void noticeAnswered(long call, InstallSnapshotReplyProto reply) {
        tell(() -> notices.onReply(call, reply));
    }

    /** The follower answered a request with an error. */
    void failed(long call, String why) {
        tell(() -> onFailure(call, why));
    }

    /** What was sent over the lane of entries may not have arrived. */
    void connectionLost() {
        tell(this::resendAll);
    }

    void connected() {
        tell(() -> paused = false);
    }

    private void tell(Event event) {
        events.add(event);
        seat.ask();
    }

    /**
     * One beat of the transport's clock. Adds a heartbeat to those of all groups for the same follower if one is due;
     * an appender in the middle of a turn sends its own afterwards.
     *
     * @param heartbeats whether this beat is one with a heartbeat for every follower
     */
    void beat(boolean heartbeats, List<AppendEntriesRequestProto> due) {
        boolean now = seat.tryNow(() -> {
            if (!isRunning()) {
                forgetAll();
                return;
            }
            expire();
            getLeaderState().checkHealth(getFollower());
            if (heartbeats) {
                checkNewVoter();
            }
            boolean isDue = heartbeatAsked || heartbeats || lacksCommit();
            if (isDue && votesAreDurable) {
                heartbeatAsked = false;
                heartbeat().ifPresent(due::add);
            } else if (isDue) {
                triggerHeartbeat(); // in a turn that may wait for the disk
            }
            if (hasAppendEntries() || !events.isEmpty()) {
                seat.ask();
            }
        });
        if (!now && heartbeats) {
            triggerHeartbeat();
        }
    }

    /**
     * Has Ratis look how far a new voter is. By itself it does so when the voter takes entries, and when nothing else
     * happens to the group for a while: in a busy one it would never give up a voter that has fallen silent, and no other
     * change of the voters can begin before it does.
     */
    private void checkNewVoter() {
        if (getLeaderState().isFollowerBootstrapping(getFollower())) {
            getLeaderState().onFollowerSuccessAppendEntries(getFollower());
        }
    }

    /** Whether the follower has all entries and only a heartbeat would tell it that they are committed. */
    private boolean lacksCommit() {
        FollowerInfo follower = getFollower();
        return inFlight.isEmpty()
                && !hasAppendEntries()
                && follower.getCommitIndex() < getRaftLog().getLastCommittedIndex()
                && follower.getLastRpcResponseTime().elapsedTimeMs() < context.heartbeatMillis() * 2;
    }

    // A turn.

    private void turn() {
        dealWithEvents();
        if (!isRunning()) {
            forgetAll();
            return;
        }
        try {
            if (heartbeatAsked) {
                heartbeatAsked = false;
                heartbeat().ifPresent(request -> context.sendHeartbeats(getFollowerId(), List.of(request)));
            }
            if (isPaused()) {
                return;
            }
            TermIndex firstAvailable = continuesWhereTheLogBegins() ? null : shouldNotifyToInstallSnapshot();
            if (firstAvailable != null) {
                notices.tell(firstAvailable);
            } else {
                sendEntries();
            }
        } catch (IOException | RuntimeException failure) {
            if (isRunning()) {
                LOG.warn("{} could not send", this, failure);
                pause();
            }
        }
    }

    /**
     * Whether the follower has said that its state ends right before the leader's log. If the predecessor of the log's
     * first entry is gone, Ratis wants such a follower to be given notice; which it would answer in the same way each
     * time. What it needs is that first entry.
     */
    private boolean continuesWhereTheLogBegins() {
        long next = getFollower().getNextIndex();
        return next == getRaftLog().getStartIndex() && notices.continuesAt(next);
    }

    private void dealWithEvents() {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            event.happened();
        }
    }

    private void forgetAll() {
        inFlight.clear();
        heartbeats.clear();
    }

    private void sendEntries() throws IOException {
        if (!hasAppendEntries() || !inFlight.hasRoom() || !budget.hasRoom(seat)) {
            return;
        }
        makeVotesDurable();
        FollowerInfo follower = getFollower();
        long next = follower.getNextIndex();
        TermIndex previous = getPrevious(next);
        if (previous == null && next > RaftLog.LEAST_VALID_LOG_INDEX && !notices.continuesAt(next)) {
            return; // purged in between: the next beat sends a notice
        }
        Timestamp now = Timestamp.currentTime();
        List<LogEntryProto> entries =
                RequestEntries.gather(getRaftLog(), next, ENTRIES_PER_REQUEST_MAX, BYTES_PER_REQUEST_MAX);
        if (entries.isEmpty()) {
            return;
        }
        long call = context.calls().next();
        AppendEntriesRequestProto request =
                getLeaderState().newAppendEntriesRequestProto(follower, entries, previous, call);
        long last = next + entries.size() - 1;
        Sent sent = new Sent(next - 1, last, request.getSerializedSize(), now);
        inFlight.add(call, sent);
        follower.increaseNextIndex(last + 1);
        follower.updateLastRpcSendTime(false);
        if (!context.wire().send(follower.getId(), Message.of(Kind.APPEND, group, call, request))) {
            resendAll();
            pause();
        } else if (hasAppendEntries() && inFlight.hasRoom()) {
            seat.ask(); // after the others
        }
    }

    /** The term this server leads in is on its disk before anybody hears of it. */
    private void makeVotesDurable() throws IOException {
        if (!votesAreDurable) {
            context.votes().ensure(getServer());
            votesAreDurable = true;
        }
    }

    private Optional<AppendEntriesRequestProto> heartbeat() {
        try {
            makeVotesDurable();
            long call = context.calls().next();
            heartbeats.add(call, Timestamp.currentTime());
            // Entries on their way may arrive after it: then it must not ask whether they are there.
            TermIndex previous = inFlight.isEmpty() ? getPrevious(getFollower().getNextIndex()) : null;
            AppendEntriesRequestProto request =
                    getLeaderState().newAppendEntriesRequestProto(getFollower(), List.of(), previous, call);
            getFollower().updateLastRpcSendTime(true);
            return Optional.of(request);
        } catch (IOException | RuntimeException failure) {
            if (isRunning()) {
                LOG.warn("{} could not make a heartbeat", this, failure);
            }
            return Optional.empty();
        }
    }

    /** Steps down if the term is later than that of this leadership. */
    void toldOfTerm(long term) {
        context.mayBlock(() -> {
            boolean unused = onFollowerTerm(term);
        });
    }

    /** Sends a notice, which is composed under the server's lock. */
    void sendNotice(long call, TermIndex firstAvailable) throws IOException {
        makeVotesDurable();
        getFollower().updateLastRpcSendTime(false);
        context.mayBlock(() -> {
            if (isRunning()) {
                MessageLite notice = newInstallSnapshotNotificationRequest(firstAvailable);
                boolean unused =
                        context.wire().send(getFollowerId(), Message.of(Kind.SNAPSHOT_NOTICE, group, call, notice));
            }
        });
    }

    long nextCall() {
        return context.calls().next();
    }

    long beatMillis() {
        return context.beatMillis();
    }

    // What follows from answers.

    private void onReply(AppendEntriesReplyProto reply) {
        long call = reply.getServerReply().getCallId();
        Timestamp heartbeatSentAt = heartbeats.remove(call);
        Sent sent = inFlight.remove(call);
        if (!isRunning()) {
            return;
        }
        Timestamp sentAt = sent != null ? sent.sentAt() : heartbeatSentAt;
        if (reply.getResult() == AppendResult.NOT_LEADER) {
            LOG.info("{} is told of term {}", this, reply.getTerm());
            toldOfTerm(reply.getTerm());
            return;
        }
        if (sentAt == null && !isLateSuccess(reply)) {
            return;
        }
        heard(sentAt);
        switch (reply.getResult()) {
            case SUCCESS -> onSuccess(reply);
            case INCONSISTENCY -> onRefusal(sent, reply);
            default -> LOG.warn("{} cannot make sense of {}", this, reply.getResult());
        }
        getLeaderState().onAppendEntriesReply(this, reply);
        seat.ask();
    }

    /**
     * Whether an answer to a request that was given up still counts. What a follower has, it has; what it refused has
     * been sent anew. It must be of this term: an answer may come from an earlier leadership. (Those that are expected
     * need no such test, and a follower's first answer to a new leader names the term before.)
     */
    private boolean isLateSuccess(AppendEntriesReplyProto reply) {
        return reply.getResult() == AppendResult.SUCCESS
                && reply.getTerm() == getServer().getInfo().getCurrentTerm();
    }

    /** The follower follows, so the lease is extended from the time at which it was asked. */
    private void heard(@Nullable Timestamp sentAt) {
        failures = 0;
        paused = false;
        getFollower().updateLastRpcResponseTime();
        if (sentAt != null && sentAt.compareTo(getFollower().getLastRespondedAppendEntriesSendTime()) > 0) {
            getFollower().updateLastRespondedAppendEntriesSendTime(sentAt);
        }
    }

    private void onSuccess(AppendEntriesReplyProto reply) {
        FollowerInfo follower = getFollower();
        getLeaderState().onFollowerCommitIndex(follower, reply.getFollowerCommit());
        if (reply.getIsHearbeat()) {
            return; // it says nothing about entries
        }
        inFlight.answered();
        if (follower.updateMatchIndex(reply.getMatchIndex())) {
            follower.updateNextIndex(reply.getMatchIndex() + 1);
            getLeaderState().onFollowerSuccessAppendEntries(follower);
        }
    }

    private void onRefusal(@Nullable Sent refused, AppendEntriesReplyProto reply) {
        FollowerInfo follower = getFollower();
        long next = AppendRules.nextAfterRefusal(
                refused == null ? follower.getNextIndex() : refused.firstIndex(),
                reply.getNextIndex(),
                reply.getFollowerCommit(),
                follower.getMatchIndex(),
                refused == null);
        LOG.info(
                "{} goes from {} to {}, the follower asks for {}",
                this,
                follower.getNextIndex(),
                next,
                reply.getNextIndex());
        inFlight.clear();
        follower.setNextIndex(next);
    }

    private void onFailure(long call, String why) {
        heartbeats.remove(call);
        notices.onFailure(call);
        if (inFlight.remove(call) == null) {
            return;
        }
        LOG.info("{} failed: {}", this, why);
        resendAll();
        pause();
    }

    private void resendAll() {
        long oldestLost = inFlight.oldest().map(Sent::firstIndex).orElse(Long.MAX_VALUE);
        inFlight.clear();
        notices.forget();
        FollowerInfo follower = getFollower();
        if (oldestLost != Long.MAX_VALUE) {
            follower.computeNextIndex(next -> AppendRules.nextAfterLoss(oldestLost, next, follower.getMatchIndex()));
        }
    }

    private void expire() {
        inFlight.oldest()
                .filter(oldest -> oldest.sentAt().elapsedTimeMs() > context.requestTimeoutMillis())
                .ifPresent(oldest -> {
                    LOG.warn("{} got no answer to entries from {}", this, oldest.firstIndex());
                    resendAll();
                    pause();
                });
    }

    private void pause() {
        failures++;
        paused = true;
        pausedUntilNanos = System.nanoTime()
                + 1_000_000L * AppendRules.pauseMillis(failures, FIRST_PAUSE_MILLIS, context.heartbeatMillis());
    }

    private boolean isPaused() {
        if (paused && System.nanoTime() - pausedUntilNanos >= 0) {
            paused = false;
        }
        return paused;
    }
}
