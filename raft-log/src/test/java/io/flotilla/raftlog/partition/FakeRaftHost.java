package io.flotilla.raftlog.partition;

import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Groups of one member that commit what they are given at once. Their logs outlive the host, as those on a disk do:
 * {@link #restarted} makes a host that replays them.
 */
final class FakeRaftHost implements RaftHost {
    private static final PeerId SELF = PeerId.of(1, "d1");

    private final ReplicatedStateFactory factory;
    private final Map<GroupId, List<Entry>> logs;
    private final Map<GroupId, FakeGroup> groups = new LinkedHashMap<>();
    private final Map<GroupId, List<Entry>> lost = new LinkedHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<GroupId> suspended = new CopyOnWriteArrayList<>();
    private long term = 1;
    private boolean refusing;

    FakeRaftHost(ReplicatedStateFactory factory) {
        this(factory, new LinkedHashMap<>());
    }

    private FakeRaftHost(ReplicatedStateFactory factory, Map<GroupId, List<Entry>> logs) {
        this.factory = factory;
        this.logs = logs;
    }

    private record Entry(long term, ByteBuffer bytes) {}

    FakeRaftHost restarted(ReplicatedStateFactory newFactory) {
        FakeRaftHost next = new FakeRaftHost(newFactory, new LinkedHashMap<>(logs));
        next.lost.putAll(lost);
        next.term = term + 1;
        return next;
    }

    @Override
    public PeerId self() {
        return SELF;
    }

    @Override
    public void start() throws IOException {
        for (GroupId id : List.copyOf(logs.keySet())) {
            open(id);
        }
    }

    private void open(GroupId id) throws IOException {
        Optional<ReplicatedState> state = factory.stateOf(id);
        if (state.isPresent()) {
            FakeGroup group = new FakeGroup(id, state.get(), logs.computeIfAbsent(id, none -> new ArrayList<>()));
            try {
                group.replay();
                groups.put(id, group);
            } catch (IOException failure) {
                state.get().failed(failure);
            }
        }
    }

    @Override
    public ReplicatedGroup create(GroupId id, List<Peer> peers) throws IOException {
        if (refusing) {
            throw new IOException("this host was told to refuse");
        }
        Optional<IOException> refusal = refusal(id);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        if (!groups.containsKey(id)) {
            open(id);
        }
        return fake(id);
    }

    /** Whether {@link #create} fails. */
    void refuseToCreate(boolean refuse) {
        refusing = refuse;
    }

    FakeGroup fake(GroupId id) {
        FakeGroup group = groups.get(id);
        if (group == null) {
            throw new AssertionError("no group " + id);
        }
        return group;
    }

    @Override
    public Optional<ReplicatedGroup> group(GroupId id) {
        return Optional.ofNullable(groups.get(id));
    }

    @Override
    public void remove(GroupId id) throws IOException {
        FakeGroup group = groups.remove(id);
        logs.remove(id);
        if (group != null) {
            group.state.close();
        }
    }

    @Override
    public void suspend(GroupId id) throws IOException {
        suspended.add(id);
        FakeGroup group = groups.remove(id);
        if (group != null) {
            group.state.close();
        }
    }

    @Override
    public void inherit(GroupId lostGroup, GroupId heir, long termMin) {
        logs.computeIfAbsent(
                heir, none -> Optional.ofNullable(logs.remove(lostGroup)).orElseThrow());
    }

    @Override
    public void retire(GroupId id) throws IOException {
        suspend(id);
        logs.remove(id);
    }

    /** The member of a group loses its files; the other members still have the log. Takes effect at a restart. */
    void loseMember(GroupId id) {
        lost.put(id, Optional.ofNullable(logs.remove(id)).orElseThrow());
    }

    @Override
    public Optional<IOException> refusal(GroupId id) {
        return lost.containsKey(id)
                ? Optional.of(new DamagedMember("the files of group " + id + " are gone"))
                : Optional.empty();
    }

    @Override
    public ReplicatedGroup rejoin(GroupId id) throws IOException {
        calls.add("rejoin");
        logs.put(id, Optional.ofNullable(lost.remove(id)).orElseThrow());
        open(id);
        return group(id).orElseThrow(() -> new IOException("the state of group " + id + " did not open"));
    }

    @Override
    public void rejoined(GroupId id) {
        calls.add("rejoined");
    }

    /** What was called to have members leave their groups and join them anew. */
    /** Every group that was suspended, as often as it was. */
    List<GroupId> suspended() {
        return suspended;
    }

    List<String> calls() {
        return calls;
    }

    @Override
    public ReplicatedGroup resume(GroupId id) throws IOException {
        if (!logs.containsKey(id)) {
            throw new IOException("group " + id + " has no log");
        }
        open(id);
        return group(id).orElseThrow(() -> new IOException("the state of group " + id + " did not open"));
    }

    boolean hasLogOf(GroupId id) {
        return logs.containsKey(id);
    }

    @Override
    public void close() throws IOException {
        for (FakeGroup group : groups.values()) {
            group.state.close();
        }
        groups.clear();
    }

    /** One member's group. */
    final class FakeGroup implements ReplicatedGroup {
        private final GroupId id;
        private final ReplicatedState state;
        private final List<Entry> log;
        private final List<Runnable> held = new ArrayList<>();
        private boolean holding;
        private @Nullable LogException failure;
        private @Nullable Throwable stopCause;
        private Leadership leadership = leading();

        private FakeGroup(GroupId id, ReplicatedState state, List<Entry> log) {
            this.id = id;
            this.state = state;
            this.log = log;
        }

        private Leadership leading() {
            return new Leadership(Leadership.Role.LEADER, term, Optional.of(SELF), true);
        }

        private void replay() throws IOException {
            long applied = state.open().index();
            for (int index = (int) applied + 1; index < log.size(); index++) {
                apply(index);
            }
            state.leadershipChanged(leadership);
        }

        private ByteBuffer apply(int index) throws IOException {
            Entry entry = log.get(index);
            return state.apply(
                    new LogPosition(entry.term(), index), entry.bytes().asReadOnlyBuffer());
        }

        /** From now on proposals wait, uncommitted. */
        void hold() {
            holding = true;
        }

        /** Commits what waits. */
        void release() {
            while (!held.isEmpty()) {
                held.remove(0).run(); // may bring the next proposal, which queues behind
            }
            holding = false;
        }

        /** From now on proposals fail. */
        void failWith(LogException cause) {
            failure = cause;
        }

        /** Why the replica had its member stopped. */
        Optional<Throwable> stopCause() {
            return Optional.ofNullable(stopCause);
        }

        @Override
        public void stop(Throwable cause) {
            stopCause = cause;
        }

        @Override
        public Optional<List<Peer>> committedPeers() {
            return leadership.isLeader() ? Optional.of(peers()) : Optional.empty();
        }

        @Override
        public Set<PeerId> followersInStep() {
            return Set.of();
        }

        void loseLeadership() {
            leadership = new Leadership(Leadership.Role.FOLLOWER, term + 1, Optional.of(PeerId.of(2, "d2")), false);
            state.leadershipChanged(leadership);
        }

        int entries() {
            return log.size();
        }

        List<ByteBuffer> entryBytes() {
            return log.stream().map(Entry::bytes).toList();
        }

        @Override
        public CompletableFuture<ByteBuffer> propose(ByteBuffer entry) {
            CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
            Runnable commit = () -> commit(entry, answer);
            if (holding) {
                held.add(commit);
            } else {
                commit.run();
            }
            return answer;
        }

        private void commit(ByteBuffer entry, CompletableFuture<ByteBuffer> answer) {
            LogException cause = failure;
            if (cause != null) {
                answer.completeExceptionally(cause);
                return;
            }
            log.add(new Entry(term, entry));
            try {
                answer.complete(apply(log.size() - 1));
            } catch (IOException stopped) {
                answer.completeExceptionally(stopped);
            }
        }

        /** Appends an entry that no proposer of this process knows of. */
        void commit(ByteBuffer entry) throws IOException {
            log.add(new Entry(term, entry));
            apply(log.size() - 1);
        }

        @Override
        public GroupId id() {
            return id;
        }

        @Override
        public List<Peer> peers() {
            return List.of();
        }

        @Override
        public Leadership leadership() {
            return leadership;
        }

        @Override
        public CompletableFuture<Void> readBarrier() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<LogPosition> checkpoint() {
            try {
                return CompletableFuture.completedFuture(state.checkpoint());
            } catch (IOException failed) {
                return CompletableFuture.failedFuture(failed);
            }
        }

        @Override
        public CompletableFuture<Void> changePeers(List<Peer> expected, List<Peer> wanted) {
            return CompletableFuture.failedFuture(new IllegalStateException("a group of one has nobody to change"));
        }

        @Override
        public CompletableFuture<Void> transferLeadership(PeerId target) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
