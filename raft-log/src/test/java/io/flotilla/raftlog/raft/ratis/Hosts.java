package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** Several hosts on the loopback address with a {@link ListState} for each of their groups. */
final class Hosts implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final Adjusting adjust;
    private final Map<Integer, RatisHost> hosts = new HashMap<>();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Map<Integer, Map<GroupId, ListState>> states = new ConcurrentHashMap<>();
    private final List<GroupId> unknown = new ArrayList<>();

    /** Changes the settings of a node. */
    interface Adjusting {
        RaftSettings adjust(int node, RaftSettings settings);
    }

    Hosts(Path directory, UnaryOperator<RaftSettings> adjust) {
        this(directory, (node, settings) -> adjust.apply(settings));
    }

    private Hosts(Path directory, Adjusting adjust) {
        this.directory = directory;
        this.adjust = adjust;
    }

    static Hosts start(int count, Path directory) throws IOException {
        return start(count, directory, UnaryOperator.identity());
    }

    static Hosts start(int count, Path directory, UnaryOperator<RaftSettings> adjust) throws IOException {
        return start(count, directory, (node, settings) -> adjust.apply(settings));
    }

    static Hosts start(int count, Path directory, Adjusting adjust) throws IOException {
        Hosts hosts = new Hosts(directory, adjust);
        for (int node = 1; node <= count; node++) {
            hosts.start(node);
        }
        return hosts;
    }

    /** Starts a node, on its former port if it had one. */
    RatisHost start(int node) throws IOException {
        RaftSettings settings = adjust.adjust(
                node,
                RaftSettings.in(raftFolder(node))
                        .withElectionTimeout(Duration.ofMillis(400), Duration.ofMillis(800))
                        .withAddress("127.0.0.1", "127.0.0.1", ports.getOrDefault(node, 0)));
        Map<GroupId, ListState> mine = new ConcurrentHashMap<>();
        states.put(node, mine);
        RatisHost host = RatisHost.open(settings, peerId(node), group -> {
            if (unknown.contains(group)) {
                return Optional.empty();
            }
            ListState state = new ListState(stateFile(node, group));
            mine.put(group, state);
            return Optional.<ReplicatedState>of(state);
        });
        hosts.put(node, host);
        host.start();
        ports.put(node, host.peer().port());
        return host;
    }

    void stop(int node) throws IOException {
        host(node).close();
    }

    void forget(GroupId group) {
        unknown.add(group);
    }

    RatisHost host(int node) {
        return Objects.requireNonNull(hosts.get(node));
    }

    static PeerId peerId(int node) {
        return PeerId.of(node, "d" + node);
    }

    Path raftFolder(int node) {
        return directory.resolve("raft-" + node);
    }

    Path stateFile(int node, GroupId group) {
        return directory.resolve("state-" + node + "-" + group);
    }

    /** The group's log and vote on a node. */
    Path logFolder(int node, GroupId group) {
        return raftFolder(node).resolve(group.toString()).resolve("current");
    }

    Path guardFile(int node, GroupId group) {
        return raftFolder(node).resolve(group.toString()).resolve("guard");
    }

    Path newestLogFile(int node, GroupId group) throws IOException {
        List<LogFile> files = LogFile.in(logFolder(node, group));
        return files.get(files.size() - 1).path();
    }

    List<Peer> peers() {
        return hosts.values().stream().map(RatisHost::peer).toList();
    }

    void create(GroupId group) throws IOException {
        List<Peer> peers = peers();
        for (RatisHost host : hosts.values()) {
            host.create(group, peers);
        }
    }

    ListState state(int node, GroupId group) {
        return Objects.requireNonNull(Objects.requireNonNull(states.get(node)).get(group));
    }

    ReplicatedGroup group(int node, GroupId group) {
        return host(node).group(group).orElseThrow();
    }

    /** Waits for a leader that is ready and returns its node. */
    int awaitLeader(GroupId group) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> readyLeader(group), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Integer> readyLeader(GroupId group) {
        return hosts.keySet().stream()
                .filter(node -> host(node)
                        .group(group)
                        .filter(member -> member.leadership().ready())
                        .isPresent())
                .findFirst();
    }

    String propose(int node, GroupId group, String entry) {
        return text(group(node, group)
                .propose(bytes(entry))
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    boolean hasFiles(int node, GroupId group) {
        return Files.exists(raftFolder(node).resolve(group.toString()));
    }

    /** Closes all hosts side by side, since each waits up to a second for Ratis's log. */
    @Override
    public void close() throws IOException {
        ExecutorService closers = Executors.newCachedThreadPool();
        try {
            for (Future<?> closing : hosts.values().stream()
                    .map(host -> closers.submit(() -> {
                        host.close();
                        return host;
                    }))
                    .toList()) {
                closing.get();
            }
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            closers.shutdown();
        }
    }
}
