package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.ratis.transport.Refusals.Reason;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;

/**
 * Takes in what peers ask of this server's members and sends the answers back.
 *
 * <p>Appends and heartbeats of a group enter it in the order of arrival, by turns with those of other groups; a group
 * whose lock is held keeps one thread waiting and no other group. What blocks by nature, votes above all, has threads of
 * its own.
 *
 * <p>Rests on a fact outside Ratis's documented API: a {@link RaftServer.Division} is a {@link RaftServerProtocol} and a
 * {@link RaftServerAsynchronousProtocol}.
 *
 * <p>Threading: safe for all threads.
 */
final class Reception implements AutoCloseable {
    /** Threads that may wait for different groups' locks and disks at a time. */
    private static final int THREADS_PER_SETTING = 4;

    private static final int BLOCKING_THREADS_MAX = 16;
    private static final int BLOCKING_QUEUED_MAX = 8192;
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    /** Longest time that answers to heartbeats wait for the slowest group. */
    private static final long HEARTBEAT_ANSWERS_MILLIS = 20;

    private final RaftServer server;
    private final Wire wire;
    private final DurableVotes votes;
    private final LostLeaders lostLeaders;
    private final Refusals refusals;
    private final FairTurns turns;
    private final ThreadPoolExecutor blocking;
    private final ScheduledExecutorService timer;
    private final Map<UUID, GroupQueue> groups = new ConcurrentHashMap<>();
    private final NewEntries newEntries = new NewEntries();
    private final NoticesInWork<Notice> notices = new NoticesInWork<>();

    Reception(
            RaftServer server,
            Wire wire,
            DurableVotes votes,
            LostLeaders lostLeaders,
            Refusals refusals,
            int threads,
            String name) {
        this.server = server;
        this.wire = wire;
        this.votes = votes;
        this.lostLeaders = lostLeaders;
        this.refusals = refusals;
        this.turns = new FairTurns(threads * THREADS_PER_SETTING, name + "-raft-in");
        this.blocking = new ThreadPoolExecutor(
                BLOCKING_THREADS_MAX,
                BLOCKING_THREADS_MAX,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(BLOCKING_QUEUED_MAX),
                Threads.named(name + "-raft-votes"));
        blocking.allowCoreThreadTimeOut(true);
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, Threads.named(name + "-raft-answers"));
        clock.setRemoveOnCancelPolicy(true);
        this.timer = clock;
    }

    /** Takes in a request; its answer is sent later, if there is one. */
    void received(RaftPeerId from, Message request) {
        switch (request.kind()) {
            case APPEND -> append(from, request);
            case HEARTBEATS -> heartbeats(from, request);
            case VOTE, READ_INDEX, START_ELECTION, LEADER_LOST -> block(from, request);
            case SNAPSHOT_NOTICE -> notice(new Notice(from, request));
            default -> throw new IllegalArgumentException(request.kind() + " is no request");
        }
    }

    private void append(RaftPeerId from, Message request) {
        AppendEntriesRequestProto append = (AppendEntriesRequestProto) request.part();
        boolean queued = queueOf(request.group()).offer(() -> {
            try {
                RaftServer.Division member = memberOf(from, request.group(), append.getServerRequest());
                reply(from, request, member, newEntries.append(member, append, entries -> enter(member, entries)));
            } catch (IOException | RuntimeException failure) {
                refuse(from, request, failure);
            }
        });
        if (!queued) {
            refusals.refused(Reason.OVERLOADED, from, "appends of group " + request.group());
            refuse(from, request, new IOException("too many requests of the group are waiting"));
        }
    }

    private static CompletableFuture<AppendEntriesReplyProto> enter(
            RaftServer.Division member, AppendEntriesRequestProto append) throws IOException {
        return ((RaftServerAsynchronousProtocol) member).appendEntriesAsync(append);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold goes into the answers
    private void heartbeats(RaftPeerId from, Message request) {
        HeartbeatAnswers answers = new HeartbeatAnswers(
                request.parts().size(),
                replies -> wire.send(from, Message.ofMany(Kind.HEARTBEAT_REPLIES, request.call(), replies)));
        for (MessageLite part : request.parts()) {
            AppendEntriesRequestProto heartbeat = (AppendEntriesRequestProto) part;
            UUID group = ProtoUtils.toRaftGroupId(heartbeat.getServerRequest().getRaftGroupId())
                    .getUuid();
            boolean queued = queueOf(group).offer(() -> heartbeat(from, group, heartbeat, answers));
            if (!queued) {
                refusals.refused(Reason.OVERLOADED, from, "heartbeats of group " + group);
                answers.skip();
            }
        }
        timer.schedule(answers::timeIsUp, HEARTBEAT_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold goes into the answers
    private void heartbeat(RaftPeerId from, UUID group, AppendEntriesRequestProto heartbeat, HeartbeatAnswers answers) {
        try {
            RaftServer.Division member = memberOf(from, group, heartbeat.getServerRequest());
            enter(member, heartbeat).whenComplete((reply, failure) -> {
                if (failure == null && isDurable(member)) {
                    answers.add(reply);
                } else {
                    answers.skip();
                }
            });
        } catch (IOException | RuntimeException failure) {
            answers.skip();
        }
    }

    private void block(RaftPeerId from, Message request) {
        try {
            blocking.execute(() -> answerOrRefuse(from, request));
        } catch (RejectedExecutionException full) {
            refuseForLoad(from, request);
        }
    }

    private void answerOrRefuse(RaftPeerId from, Message request) {
        try {
            answer(from, request);
        } catch (IOException | RuntimeException failure) {
            refuse(from, request, failure);
        }
    }

    private void refuseForLoad(RaftPeerId from, Message request) {
        refusals.refused(Reason.OVERLOADED, from, request.kind() + " of group " + request.group());
        refuse(from, request, new IOException("too many requests are waiting"));
    }

    /** A leader's word that the log a member lacks is gone. */
    private record Notice(RaftPeerId from, Message request) {
        UUID group() {
            return request.group();
        }
    }

    private void notice(Notice notice) {
        if (!notices.begin(notice.group(), notice)) {
            return;
        }
        try {
            blocking.execute(() -> {
                Optional<Notice> next = Optional.of(notice);
                while (next.isPresent()) {
                    answerOrRefuse(next.get().from(), next.get().request());
                    next = notices.next(notice.group());
                }
            });
        } catch (RejectedExecutionException full) {
            Optional<Notice> dropped = Optional.of(notice);
            while (dropped.isPresent()) {
                refuseForLoad(dropped.get().from(), dropped.get().request());
                dropped = notices.next(notice.group());
            }
        }
    }

    /** Runs a task among those that block; not at all if too many wait, for all of them come again. */
    void mayBlock(Runnable task) {
        try {
            blocking.execute(task);
        } catch (RejectedExecutionException full) {
            refusals.refused(Reason.OVERLOADED, "here", "a task of an appender");
        }
    }

    private void answer(RaftPeerId from, Message request) throws IOException {
        switch (request.kind()) {
            case VOTE -> {
                RequestVoteRequestProto vote = (RequestVoteRequestProto) request.part();
                RaftServer.Division member = memberOf(from, request.group(), vote.getServerRequest());
                MessageLite reply = ((RaftServerProtocol) member).requestVote(vote);
                reply(from, request, member, CompletableFuture.completedFuture(reply));
            }
            case SNAPSHOT_NOTICE -> {
                InstallSnapshotRequestProto notice = (InstallSnapshotRequestProto) request.part();
                RaftServer.Division member = memberOf(from, request.group(), notice.getServerRequest());
                StartedMembers.require(member);
                MessageLite reply = ((RaftServerProtocol) member).installSnapshot(notice);
                reply(from, request, member, CompletableFuture.completedFuture(reply));
            }
            case READ_INDEX -> {
                ReadIndexRequestProto read = (ReadIndexRequestProto) request.part();
                RaftServer.Division member = memberOf(from, request.group(), read.getServerRequest());
                reply(from, request, member, ((RaftServerAsynchronousProtocol) member).readIndexAsync(read));
            }
            case LEADER_LOST -> {
                RequestVoteRequestProto question = (RequestVoteRequestProto) request.part();
                RaftServer.Division member = memberOf(from, request.group(), question.getServerRequest());
                MessageLite reply = lostLeaders.answer(member, question);
                reply(from, request, member, CompletableFuture.completedFuture(reply));
            }
            default -> {
                StartLeaderElectionRequestProto start = (StartLeaderElectionRequestProto) request.part();
                RaftServer.Division member = memberOf(from, request.group(), start.getServerRequest());
                MessageLite reply = ((RaftServerProtocol) member).startLeaderElection(start);
                reply(from, request, member, CompletableFuture.completedFuture(reply));
            }
        }
    }

    /**
     * The member that a peer may talk to. A leader need not be one of the peers that the member knows: it may have become
     * one by an entry that the member lacks, and that nobody but this leader can send (Ongaro's dissertation, 4.1). What
     * else comes from an unknown peer was not admitted.
     *
     * @throws IOException if there is none that runs
     */
    private RaftServer.Division memberOf(RaftPeerId from, UUID group, RaftRpcRequestProto request) throws IOException {
        RaftServer.Division member;
        try {
            member = server.getDivision(RaftGroupId.valueOf(group));
        } catch (GroupMismatchException unknown) {
            groups.remove(group);
            refusals.refused(Reason.UNKNOWN_GROUP, from, "group " + group);
            throw unknown;
        }
        if (!from.toString().equals(request.getRequestorId().toStringUtf8())) {
            refusals.refused(
                    Reason.WRONG_NAME, from, "as " + request.getRequestorId().toStringUtf8());
            throw new IOException("the request names another sender");
        }
        LifeCycle.State state = member.getInfo().getLifeCycleState();
        if (!LifeCycle.States.STARTING_OR_RUNNING.contains(state)) {
            // Ratis would say the same, and log it as an error for each group of a broker that starts or stops.
            throw new ServerNotReadyException("the member of group " + group + " is " + state);
        }
        return member;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold goes into the answer
    private void reply(
            RaftPeerId from,
            Message request,
            RaftServer.Division member,
            CompletableFuture<? extends MessageLite> answer) {
        answer.whenComplete((reply, failure) -> {
            if (failure != null) {
                refuse(from, request, failure);
            } else if (isDurable(member)) {
                wire.send(from, Message.of(answerTo(request.kind()), request.group(), request.call(), reply));
            }
        });
    }

    private static Kind answerTo(Kind request) {
        return switch (request) {
            case APPEND -> Kind.APPEND_REPLY;
            case VOTE -> Kind.VOTE_REPLY;
            case SNAPSHOT_NOTICE -> Kind.SNAPSHOT_NOTICE_REPLY;
            case READ_INDEX -> Kind.READ_INDEX_REPLY;
            case START_ELECTION -> Kind.START_ELECTION_REPLY;
            case LEADER_LOST -> Kind.LEADER_LOST_REPLY;
            default -> throw new IllegalArgumentException(request + " is no request with an answer");
        };
    }

    /** Whether an answer may leave. If not, the member has been told to stop. */
    private boolean isDurable(RaftServer.Division member) {
        try {
            votes.ensure(member);
            return true;
        } catch (IOException failure) {
            return false;
        }
    }

    private void refuse(RaftPeerId from, Message request, Throwable failure) {
        Kind kind = request.kind() == Kind.APPEND ? Kind.APPEND_FAILED : Kind.FAILED;
        wire.send(from, Message.of(kind, request.group(), request.call(), StringValue.of(failure.toString())));
    }

    private GroupQueue queueOf(UUID group) {
        return groups.computeIfAbsent(group, id -> new GroupQueue(turns));
    }

    @Override
    public void close() {
        Threads.stop(timer, CLOSE_SECONDS);
        Threads.stop(blocking, CLOSE_SECONDS);
        turns.close();
    }
}
