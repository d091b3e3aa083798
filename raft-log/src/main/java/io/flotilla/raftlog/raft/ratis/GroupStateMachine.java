package io.flotilla.raftlog.raft.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis drives for one group: hands committed entries to our {@link ReplicatedState} and tells the member what
 * happens.
 *
 * <p>Threading: Ratis applies on its updater thread, checkpoints come from ours; the lock keeps the state's calls apart
 * as its contract promises. The observer's methods are called under locks of Ratis and only hand work off.
 */
final class GroupStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(GroupStateMachine.class);
    private static final CompletableFuture<Message> NO_ANSWER = CompletableFuture.completedFuture(Message.EMPTY);

    /** Learns what happens to the group; must not block, nor call Ratis or the state. */
    interface Observer {
        /** The member's division exists; called before any other method. */
        void opening(RaftServer.Division division);

        void applied(LogPosition position, int bytes);

        void leadershipMayHaveChanged();

        /** The log is about to lose the entries from this index on, which were not committed. */
        void truncating(long firstRemoved);

        /** The newest committed peers were written down. */
        void peersWritten();

        /** The member cannot go on and is to be stopped. May be called several times; the first cause counts. */
        void broken(Throwable cause);

        /** The state is closed; nothing follows. */
        void closed(@Nullable IOException failure);
    }

    private final GroupId group;
    private final ReplicatedState state;
    private final Observer observer;
    private final List<Peer> founders;
    private final Object stateLock = new Object();

    @GuardedBy("stateLock")
    private boolean stateClosed;

    /** Whether the state failed; it is called no more, but to be closed. */
    @GuardedBy("stateLock")
    private boolean stateBroken;

    private volatile @Nullable Checkpointed checkpoint;
    private volatile @Nullable RaftStorage storage;

    /** Null for a state that has nothing but its log. */
    private final @Nullable CatchUpNotices catchUpNotices;

    private final UpdaterRest updaterRest = new UpdaterRest(this::isAtRest);

    private volatile RaftServer.@Nullable Division division;
    private volatile boolean paused;
    private volatile boolean stopping;

    /**
     * @param state    opened already
     * @param opened   the position at which it opened
     * @param founders the peers of a group that is being made, empty for one that has files
     */
    GroupStateMachine(
            GroupId group, ReplicatedState state, LogPosition opened, List<Peer> founders, Observer observer) {
        this.group = group;
        this.founders = List.copyOf(founders);
        this.state = state;
        this.observer = observer;
        this.catchUpNotices = state.catchUp()
                .map(catchUp -> new CatchUpNotices(group, catchUp))
                .orElse(null);
        if (!opened.isNone()) {
            checkpoint = Checkpointed.at(opened);
            setLastAppliedTermIndex(TermIndex.valueOf(opened.term(), opened.index()));
        }
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId id, RaftStorage raftStorage) throws IOException {
        super.initialize(server, id, raftStorage);
        storage = raftStorage;
        if (!founders.isEmpty()) {
            FoundingPeers.keep(group, raftStorage, founders);
        }
        RaftServer.Division opening = server.getDivision(id);
        division = opening;
        observer.opening(opening);
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return checkpoint;
    }

    /**
     * Asked by Ratis's updater when it has applied what is committed: see {@link UpdaterRest}. Checkpoints are taken by
     * {@link #checkpoint} alone; none is told here, since Ratis would purge, and it forgets peers it has not heard of since
     * its start.
     */
    @Override
    public long takeSnapshot() {
        updaterRest.rest();
        return RaftLog.INVALID_LOG_INDEX;
    }

    private boolean isAtRest() {
        RaftServer.Division open = division;
        return open != null
                && !paused
                && !stopping
                && open.getInfo().isAlive()
                && lastIndex(open.getRaftLog()) <= open.getInfo().getLastAppliedIndex();
    }

    private static long lastIndex(RaftLog log) {
        TermIndex last = log.getLastEntryTermIndex();
        return last == null ? RaftLog.INVALID_LOG_INDEX : last.getIndex();
    }

    /** The log has grown up to this index, and is about to be synced. */
    @Override
    public CompletableFuture<Void> flush(long index) {
        updaterRest.wake();
        return super.flush(index);
    }

    /** The member is to stop: its updater rests no more. */
    void stopping() {
        stopping = true;
        updaterRest.wake();
    }

    /** Called again and again: finds out that Ratis has begun to stop the member, which it tells nobody. */
    void tick() {
        RaftServer.Division open = division;
        if (open != null && !open.getInfo().isAlive()) {
            updaterRest.wake();
        }
    }

    /** The newest durable position; also what the member restarts from. */
    LogPosition checkpoint() throws IOException {
        synchronized (stateLock) {
            if (stateClosed || stateBroken) {
                throw new IOException("group " + group + " has stopped");
            }
            try {
                LogPosition position = state.checkpoint();
                Checkpointed before = checkpoint;
                if (!position.isNone() && (before == null || position.index() > before.getIndex())) {
                    checkpoint = Checkpointed.at(position);
                }
                return position;
            } catch (Throwable failure) {
                breakDown(failure);
                throw failure;
            }
        }
    }

    @GuardedBy("stateLock")
    private void breakDown(Throwable failure) {
        stateBroken = true;
        observer.broken(failure);
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        // Proposals are checked before they come here: a rejection past this point leaks a permit of Ratis.
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .build();
    }

    /**
     * Applies an entry, or nothing once the state is broken. Never throws: Ratis would then close the division on the
     * applying thread, and if anybody else is just closing it, spin there for ever. With a broken state it runs
     * through what is committed, finds its end and stops; the proposers get an error.
     */
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = Objects.requireNonNull(transaction.getLogEntry());
        LogPosition position = new LogPosition(entry.getTerm(), entry.getIndex());
        ByteBuffer data = entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
        int bytes = data.remaining();
        // Only the proposer's member has a request to answer.
        boolean proposedHere = transaction.getClientRequest() != null;
        ByteBuffer answer;
        synchronized (stateLock) {
            if (stateBroken) {
                return proposedHere ? CompletableFuture.failedFuture(RatisErrors.notApplied(group)) : NO_ANSWER;
            }
            try {
                answer = state.apply(position, data);
            } catch (Throwable failure) {
                breakDown(new IOException("entry " + position + " of group " + group + " was not applied", failure));
                return proposedHere ? CompletableFuture.failedFuture(RatisErrors.notApplied(group)) : NO_ANSWER;
            }
            updateLastAppliedTermIndex(position.term(), position.index());
        }
        observer.applied(position, bytes);
        return proposedHere
                ? CompletableFuture.completedFuture(Message.valueOf(UnsafeByteOperations.unsafeWrap(answer)))
                : NO_ANSWER;
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        LogPosition position = new LogPosition(term, index);
        synchronized (stateLock) {
            if (stateBroken) {
                return;
            }
            try {
                state.applied(position);
            } catch (RuntimeException failure) {
                breakDown(failure);
                return;
            }
            updateLastAppliedTermIndex(term, index);
        }
        observer.applied(position, 0);
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto peers) {
        observer.peersWritten();
    }

    /** Ratis's own documentation calls the argument the last index kept; it is the first one removed. */
    @Override
    public CompletableFuture<Void> truncate(long firstRemoved) {
        observer.truncating(firstRemoved);
        return super.truncate(firstRemoved);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        CatchUpNotices notices = catchUpNotices;
        if (notices != null) {
            notices.leaderChanged();
        }
        observer.leadershipMayHaveChanged();
    }

    @Override
    public void notifyLeaderReady() {
        observer.leadershipMayHaveChanged();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        observer.leadershipMayHaveChanged();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        // Ratis would leave a follower running and voting.
        observer.broken(new IOException("the Raft log of group " + group + " failed", cause));
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        observer.leadershipMayHaveChanged();
    }

    @Override
    public CompletableFuture<@Nullable TermIndex> notifyInstallSnapshotFromLeader(
            RoleInfoProto role, TermIndex firstAvailable) {
        long applied = getLastAppliedTermIndex().getIndex();
        CatchUpNotices notices = catchUpNotices;
        if (notices == null) {
            LOG.error(
                    "cannot catch up from the leader's log group={} applied={} leaderLogStart={}",
                    group,
                    applied,
                    firstAvailable);
            return CompletableFuture.completedFuture(null);
        }
        return notices.noticed(firstAvailable.getIndex(), applied);
    }

    /** Ratis announces that it will install what {@link #notifyInstallSnapshotFromLeader} answered. */
    @Override
    public void pause() {
        paused = true;
        updaterRest.wake();
    }

    @Override
    public LifeCycle.State getLifeCycleState() {
        return paused ? LifeCycle.State.PAUSED : LifeCycle.State.RUNNING;
    }

    /**
     * Changes over to the fetched state, on the thread that applies. Never throws, for the reason that
     * {@link #applyTransaction} has; with a broken state Ratis just runs on to its end behind the position.
     */
    @Override
    public void reinitialize() {
        CatchUpNotices notices = Objects.requireNonNull(catchUpNotices);
        LogPosition position = notices.ready().orElseThrow();
        synchronized (stateLock) {
            if (!stateBroken) {
                try {
                    position = state.catchUp().orElseThrow().install();
                    LOG.info("installed a fetched state group={} position={}", group, position);
                } catch (Throwable failure) {
                    breakDown(new IOException("the fetched state of group " + group + " was not installed", failure));
                }
            }
            checkpoint = Checkpointed.at(position);
            setLastAppliedTermIndex(TermIndex.valueOf(position.term(), position.index()));
        }
        notices.installed();
        paused = false;
        observer.applied(position, 0);
    }

    /** Ratis closes the state machine whenever the division ends, whoever ended it. */
    @Override
    public void close() throws IOException {
        IOException failed = null;
        synchronized (stateLock) {
            if (stateClosed) {
                return;
            }
            stateClosed = true;
            try {
                state.close();
            } catch (IOException | RuntimeException failure) {
                failed = failure instanceof IOException io ? io : new IOException(failure);
                LOG.error("closing the state of group {} failed", group, failure);
            }
        }
        observer.closed(failed);
    }

    /** Lets go of the files of a group that did not start; Ratis forgets to. */
    void abandon() throws IOException {
        RaftStorage opened = storage;
        try {
            close();
        } finally {
            if (opened != null) {
                opened.close();
            }
        }
    }
}
