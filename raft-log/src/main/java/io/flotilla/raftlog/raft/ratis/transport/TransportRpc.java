package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexReplyProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;
import org.apache.ratis.util.ProtoUtils;

/**
 * All that one server sends to and takes from its peers. Ratis calls the methods of {@link RaftServerRpc} to send; the
 * wire delivers to the {@link Inbox}.
 *
 * <p>Threading: safe for all threads.
 */
final class TransportRpc implements RaftServerRpc, RaftServerAsynchronousProtocol, Inbox, AppenderContext, Connections {
    private final RaftServer server;
    private final RaftPeerId self;
    private final RaftSettings.Transport settings;
    private final Wire wire;
    private final CallIds ids = new CallIds();
    private final DurableVotes votes;
    private final Appenders appenders = new Appenders();
    private final Map<RaftPeerId, PeerBudget> budgets = new ConcurrentHashMap<>();
    private final Calls calls;
    private final FairTurns turns;
    private final Reception reception;
    private final LostLeaders lostLeaders;
    private final Beats beats;
    private final long heartbeatMillis;
    private final long requestTimeoutMillis;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Ratis builds this before it knows its own id, so that comes with the options. */
    TransportRpc(RaftServer server, TransportFactory.Options options) {
        this.server = server;
        this.self = options.self();
        this.settings = options.settings();
        this.wire = options.wires().create(self);
        RaftProperties properties = server.getProperties();
        this.requestTimeoutMillis =
                RaftServerConfigKeys.Rpc.requestTimeout(properties).toLong(TimeUnit.MILLISECONDS);
        this.heartbeatMillis = RaftServerConfigKeys.Rpc.timeoutMin(properties).toLong(TimeUnit.MILLISECONDS) / 2;
        this.calls = new Calls(wire, ids, requestTimeoutMillis);
        String name = self.toString();
        this.votes = new DurableVotes(name + "-raft-sync");
        this.turns = new FairTurns(settings.threads(), name + "-raft-out");
        this.lostLeaders =
                new LostLeaders(server, self, wire, calls, LostLeaderRules.Times.of(properties), this::mayBlock);
        this.reception = new Reception(server, wire, votes, lostLeaders, options.refusals(), settings.threads(), name);
        this.beats = new Beats(appenders, this, beatMillis(), name + "-raft-beat");
    }

    @Override
    public RpcType getRpcType() {
        return new TransportType();
    }

    @Override
    public void start() throws IOException {
        wire.start(this);
        beats.start();
        lostLeaders.start();
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        return wire.address();
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        for (RaftPeer peer : peers) {
            if (!peer.getId().equals(self) && peer.getAddress() != null) {
                wire.addPeer(peer.getId(), peer.getAddress());
            }
        }
    }

    /** The wire knows by itself when a connection is broken. */
    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {}

    @Override
    public RaftServerAsynchronousProtocol async() {
        return this;
    }

    // Requests of Ratis itself.

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        // A candidate has voted, for itself: nobody may hear of it before that is durable.
        ensureDurable(request.getServerRequest());
        return await(
                call(request.getServerRequest(), Kind.VOTE, Kind.VOTE_REPLY, request, RequestVoteReplyProto.class));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return await(call(
                request.getServerRequest(),
                Kind.START_ELECTION,
                Kind.START_ELECTION_REPLY,
                request,
                StartLeaderElectionReplyProto.class));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        ensureDurable(request.getServerRequest());
        return await(call(
                request.getServerRequest(),
                Kind.SNAPSHOT_NOTICE,
                Kind.SNAPSHOT_NOTICE_REPLY,
                request,
                InstallSnapshotReplyProto.class));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        ensureDurable(request.getServerRequest());
        return await(appendEntriesAsync(request));
    }

    /** Not what replicates: see {@link PipelinedAppender}. */
    @Override
    public CompletableFuture<AppendEntriesReplyProto> appendEntriesAsync(AppendEntriesRequestProto request) {
        return call(request.getServerRequest(), Kind.APPEND, Kind.APPEND_REPLY, request, AppendEntriesReplyProto.class);
    }

    @Override
    public CompletableFuture<ReadIndexReplyProto> readIndexAsync(ReadIndexRequestProto request) {
        return call(
                request.getServerRequest(), Kind.READ_INDEX, Kind.READ_INDEX_REPLY, request, ReadIndexReplyProto.class);
    }

    private <T extends MessageLite> CompletableFuture<T> call(
            RaftRpcRequestProto header, Kind kind, Kind answer, MessageLite request, Class<T> type) {
        UUID group = ProtoUtils.toRaftGroupId(header.getRaftGroupId()).getUuid();
        return calls.call(RaftPeerId.valueOf(header.getReplyId()), kind, answer, group, request, type);
    }

    private void ensureDurable(RaftRpcRequestProto header) throws IOException {
        votes.ensure(server.getDivision(ProtoUtils.toRaftGroupId(header.getRaftGroupId())));
    }

    private static <T> T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get();
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a peer");
        }
    }

    // What the wire delivers.

    @Override
    public boolean admits(RaftPeerId from, Message.Envelope envelope) {
        return switch (envelope.kind()) {
            // A member that has just been made is told of its peers by one of these.
            case APPEND, HEARTBEATS, SNAPSHOT_NOTICE -> true;
            default -> wire.knows(from);
        };
    }

    @Override
    public void received(RaftPeerId from, Message message) {
        switch (message.kind()) {
            case APPEND, HEARTBEATS, VOTE, SNAPSHOT_NOTICE, READ_INDEX, START_ELECTION, LEADER_LOST ->
                reception.received(from, message);
            case APPEND_REPLY -> {
                if (!calls.answered(from, message)) {
                    AppendEntriesReplyProto reply = (AppendEntriesReplyProto) message.part();
                    appenders.find(message.group(), from).ifPresent(appender -> appender.answered(reply));
                }
            }
            case HEARTBEAT_REPLIES -> message.parts().forEach(part -> heartbeatAnswered(from, part));
            case SNAPSHOT_NOTICE_REPLY -> {
                if (!calls.answered(from, message)) {
                    InstallSnapshotReplyProto reply = (InstallSnapshotReplyProto) message.part();
                    appenders
                            .find(message.group(), from)
                            .ifPresent(appender -> appender.noticeAnswered(message.call(), reply));
                }
            }
            case APPEND_FAILED, FAILED -> {
                if (!calls.answered(from, message)) {
                    String why = ((StringValue) message.part()).getValue();
                    appenders.find(message.group(), from).ifPresent(appender -> appender.failed(message.call(), why));
                }
            }
            case VOTE_REPLY, READ_INDEX_REPLY, START_ELECTION_REPLY, LEADER_LOST_REPLY -> {
                boolean unused = calls.answered(from, message);
            }
        }
    }

    private void heartbeatAnswered(RaftPeerId from, MessageLite part) {
        AppendEntriesReplyProto reply = (AppendEntriesReplyProto) part;
        UUID group = ProtoUtils.toRaftGroupId(reply.getServerReply().getRaftGroupId())
                .getUuid();
        appenders.find(group, from).ifPresent(appender -> appender.answered(reply));
    }

    @Override
    public boolean isConnected(RaftPeerId peer) {
        return wire.silentMillis(peer).isPresent();
    }

    @Override
    public void connected(RaftPeerId peer, Lane lane) {
        lostLeaders.connected(peer);
        if (lane == Lane.BULK) {
            appenders.forEachOf(peer, PipelinedAppender::connected);
        }
    }

    @Override
    public void lost(RaftPeerId peer, Lane lane) {
        if (lane == Lane.BULK) {
            appenders.forEachOf(peer, PipelinedAppender::connectionLost);
        } else {
            calls.lost(peer);
        }
        lostLeaders.lost(peer);
    }

    // What appenders share.

    @Override
    public Wire wire() {
        return wire;
    }

    @Override
    public FairTurns turns() {
        return turns;
    }

    @Override
    public CallIds calls() {
        return ids;
    }

    @Override
    public DurableVotes votes() {
        return votes;
    }

    @Override
    public PeerBudget budgetOf(RaftPeerId follower) {
        return budgets.computeIfAbsent(follower, peer -> new PeerBudget(settings.peerBytesInFlightMax()));
    }

    @Override
    public void sendHeartbeats(RaftPeerId follower, List<AppendEntriesRequestProto> heartbeats) {
        if (!heartbeats.isEmpty()) {
            wire.send(follower, Message.ofMany(Kind.HEARTBEATS, ids.next(), heartbeats));
        }
    }

    @Override
    public void mayBlock(Runnable task) {
        reception.mayBlock(task);
    }

    @Override
    public void started(PipelinedAppender appender) {
        appenders.add(appender);
    }

    @Override
    public void stopped(PipelinedAppender appender) {
        appenders.remove(appender);
    }

    @Override
    public int requestsInFlightMax() {
        return settings.appendsInFlightMax();
    }

    @Override
    public long bytesInFlightMax() {
        return settings.appendBytesInFlightMax();
    }

    @Override
    public long beatMillis() {
        return Beats.beatMillis(heartbeatMillis);
    }

    @Override
    public long heartbeatMillis() {
        return heartbeatMillis;
    }

    @Override
    public long requestTimeoutMillis() {
        return requestTimeoutMillis;
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        beats.close();
        wire.close();
        calls.close();
        lostLeaders.close();
        reception.close();
        turns.close();
        votes.close();
    }
}
