package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.transport.LeaderProofs;
import io.flotilla.raftlog.raft.ratis.transport.TransportType;
import io.flotilla.raftlog.raft.ratis.transport.Wire;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.util.ExitUtils;

/** The Ratis server of this process, with what is odd about it kept in here. */
final class RatisServer {
    static {
        // Ratis ends the process when its port is taken, and on any uncaught exception of any thread once it is loaded.
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        ExitUtils.setTerminateOnUncaughtException(false);
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    /** Names no folder: see {@link #open}. */
    private static final Path NOWHERE = Path.of("none");

    private final RaftServer server;
    private final LeaderProofs proofs;
    private final RaftProperties properties;
    private final Map<RaftGroupId, StateMachine> starting;

    private RatisServer(
            RaftServer server,
            RaftProperties properties,
            Map<RaftGroupId, StateMachine> starting,
            LeaderProofs proofs) {
        this.server = server;
        this.proofs = proofs;
        this.properties = properties;
        this.starting = starting;
    }

    /** With the transport that the settings name. */
    static RatisServer open(RaftSettings settings, PeerId self, RaftObserver observer) throws IOException {
        RaftProperties properties = RatisProfile.of(settings);
        return switch (settings.transport().kind()) {
            case GRPC -> {
                GrpcTransport.configure(properties, settings);
                yield open(settings, self, properties, GrpcTransport.parameters());
            }
            case NETTY -> {
                TransportType.configure(properties);
                yield open(settings, self, properties, TransportType.parameters(ratisId(self), settings, observer));
            }
        };
    }

    /** With our own transport over another wire than TCP. */
    static RatisServer open(RaftSettings settings, PeerId self, Wire.Factory wires) throws IOException {
        RaftProperties properties = RatisProfile.of(settings);
        TransportType.configure(properties);
        return open(settings, self, properties, TransportType.parameters(ratisId(self), settings, wires));
    }

    private static RaftPeerId ratisId(PeerId self) {
        return RaftPeerId.valueOf(self.value());
    }

    private static RatisServer open(
            RaftSettings settings, PeerId self, RaftProperties properties, Parameters parameters) throws IOException {
        Map<RaftGroupId, StateMachine> starting = new ConcurrentHashMap<>();
        LeaderProofs proofs = new LeaderProofs(properties);
        proofs.putInto(parameters);
        // Ratis starts all groups it finds in its folder at once, and none of them if one fails. It looks when it is
        // built; so it is built over a folder that does not exist, and the host adds the groups one by one.
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(settings.directory().resolve(NOWHERE).toFile()));
        RaftServer server = RaftServer.newBuilder()
                .setServerId(ratisId(self))
                .setProperties(properties)
                .setParameters(parameters)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setStateMachineRegistry(group -> stateMachineOf(starting, group))
                .setThreadGroup(new RatisThreads(self.value()))
                .build();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(settings.directory().toFile()));
        return new RatisServer(server, properties, starting, proofs);
    }

    private static StateMachine stateMachineOf(Map<RaftGroupId, StateMachine> starting, RaftGroupId group) {
        StateMachine stateMachine = starting.get(group);
        if (stateMachine == null) {
            // Ratis's port takes requests to add groups from anybody.
            throw new IllegalStateException("group " + group.getUuid() + " was not asked for by this process");
        }
        return stateMachine;
    }

    /** Which leaders of this server are still followed. */
    LeaderProofs proofs() {
        return proofs;
    }

    RaftPeerId peerId() {
        return server.getId();
    }

    /** The port listened on. Only after {@link #start}. */
    int port() {
        return server.getServerRpc().getInetSocketAddress().getPort();
    }

    void start() throws IOException {
        try {
            server.start();
        } catch (ExitUtils.ExitException exit) {
            throw new IOException("the Raft port cannot be opened: " + exit.getMessage(), exit);
        }
    }

    /** How long members that have not seen a leader wait from now on; Ratis asks at each of their waits. */
    void waitForFirstLeader(Duration min, Duration max) {
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, RatisProfile.time(min));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, RatisProfile.time(max));
    }

    /**
     * Starts the member of a group.
     *
     * @param format whether the group has no files yet
     */
    void add(GroupId id, List<Peer> peers, GroupStateMachine stateMachine, boolean format, InProcessRequests requests)
            throws IOException {
        RaftGroupId group = RatisPeers.group(id);
        starting.put(group, stateMachine);
        try {
            RaftClientReply reply = server.groupManagement(GroupManagementRequest.newAdd(
                    requests.client(), server.getId(), requests.nextCallId(), RatisPeers.group(id, peers), format));
            if (!reply.isSuccess()) {
                throw new IOException("group " + id + " did not start", reply.getException());
            }
        } catch (IOException | RuntimeException failure) {
            stateMachine.abandon();
            throw failure;
        } finally {
            starting.remove(group);
        }
    }

    /**
     * Stops a group's member, which applies what is committed first.
     *
     * @param deleteFiles whether its Raft files go with it
     */
    void remove(GroupId id, boolean deleteFiles, InProcessRequests requests, Duration timeout) throws IOException {
        GroupManagementRequest request = GroupManagementRequest.newRemove(
                requests.client(), server.getId(), requests.nextCallId(), RatisPeers.group(id), deleteFiles, false);
        await(
                CompletableFuture.runAsync(
                        () -> server.groupManagementAsync(request).join(), RatisServer::onOwnThread),
                timeout,
                "group " + id);
        proofs.forget(id.value());
    }

    void close(Duration timeout) throws IOException {
        await(
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                server.close();
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        },
                        RatisServer::onOwnThread),
                timeout,
                "the Raft server");
    }

    /** Ratis waits up to a day for its own pools, so stopping is done where it can be left behind. */
    private static void onOwnThread(Runnable task) {
        Thread thread = new Thread(task, "raft-stop");
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(CompletableFuture<Void> stopped, Duration timeout, String what) throws IOException {
        try {
            stopped.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw new IOException(what + " did not stop well", failure.getCause());
        } catch (TimeoutException late) {
            throw new IOException(what + " did not stop within " + timeout, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + what + " stopped");
        }
    }
}
