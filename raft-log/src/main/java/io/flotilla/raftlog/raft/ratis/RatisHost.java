package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.RaftObserver;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.transport.TransportType;
import io.flotilla.raftlog.raft.ratis.transport.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's members of all its Raft groups, on one Ratis server.
 *
 * <p>A group that cannot be opened stays closed until the process starts again or {@link #remove} is called, and the
 * others are not troubled by it: {@link #create} repeats the reason.
 *
 * <p>Threading: safe for all threads.
 */
public final class RatisHost implements RaftHost {
    private static final Logger LOG = LoggerFactory.getLogger(RatisHost.class);

    /** How often members are looked at for due checkpoints and for changes Ratis does not report. */
    private static final long TICK_MILLIS = 250;

    private static final int LOCKS = 64;

    private final RaftSettings settings;
    private final PeerId self;
    private final ReplicatedStateFactory factory;
    private final GroupFolders folders;
    private final HostThreads threads;
    private final RatisServer server;
    private final InProcessRequests requests;
    private final ReadBarrier barrier;
    private final MemberTrust trust;
    private final FirstElections firstElections;
    private final RaftObserver observer;
    private final List<ReentrantLock> changing =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();
    private final Map<GroupId, RatisMember> members = new ConcurrentHashMap<>();
    private final Map<GroupId, IOException> refused = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean listening;

    private RatisHost(
            RaftSettings settings,
            PeerId self,
            ReplicatedStateFactory factory,
            GroupFolders folders,
            HostThreads threads,
            RatisServer server,
            RaftObserver observer) {
        this.settings = settings;
        this.self = self;
        this.factory = factory;
        this.folders = folders;
        this.threads = threads;
        this.server = server;
        this.observer = observer;
        this.requests = new InProcessRequests(
                server.peerId(), threads, settings.proposals().timeout());
        this.barrier =
                new ReadBarrier(server.proofs(), threads, settings.proposals().timeout());
        this.firstElections = new FirstElections(settings.elections(), server::waitForFirstLeader);
        this.trust = new MemberTrust(folders, RatisProfile.appendBytesMax(settings));
    }

    /**
     * Makes a host that does nothing yet. The caller owns it.
     *
     * @throws IOException              if the folder cannot be used
     * @throws IllegalArgumentException if the settings would allow acknowledged entries to be lost
     */
    public static RatisHost open(RaftSettings settings, PeerId self, ReplicatedStateFactory factory)
            throws IOException {
        return open(settings, self, factory, RaftObserver.NONE);
    }

    /** The same, with somebody who learns what it does. */
    public static RatisHost open(
            RaftSettings settings, PeerId self, ReplicatedStateFactory factory, RaftObserver observer)
            throws IOException {
        GroupFolders folders = new GroupFolders(settings.directory());
        return open(settings, self, factory, folders, RatisServer.open(settings, self, observer), observer);
    }

    /** What {@link RaftObserver#refused} may be told. */
    public static List<String> refusalReasons() {
        return TransportType.refusalReasons();
    }

    /** Makes a host whose messages go over a wire of the caller's; for simulations. */
    public static RatisHost open(RaftSettings settings, PeerId self, ReplicatedStateFactory factory, Wire.Factory wires)
            throws IOException {
        GroupFolders folders = new GroupFolders(settings.directory());
        return open(settings, self, factory, folders, RatisServer.open(settings, self, wires), RaftObserver.NONE);
    }

    private static RatisHost open(
            RaftSettings settings,
            PeerId self,
            ReplicatedStateFactory factory,
            GroupFolders folders,
            RatisServer server,
            RaftObserver observer) {
        LogFlushes.watch(self, observer);
        return new RatisHost(
                settings,
                self,
                factory,
                folders,
                new HostThreads(self, settings.work().threads()),
                server,
                observer);
    }

    @Override
    public PeerId self() {
        return self;
    }

    /**
     * This host as others reach it, with the port it really listens on.
     *
     * @throws IllegalStateException before {@link #start}
     */
    public Peer peer() {
        if (!listening) {
            throw new IllegalStateException("the port is known once the host has started");
        }
        return new Peer(self, settings.address().advertisedHost(), server.port());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    public void start() throws IOException {
        server.start();
        listening = true;
        List<GroupId> found = folders.groups();
        firstElections.opening(found.size());
        List<CompletableFuture<Void>> openings = new ArrayList<>();
        for (GroupId id : found) {
            openings.add(CompletableFuture.runAsync(() -> recover(id), threads.work()));
        }
        openings.forEach(CompletableFuture::join);
        threads.timer().scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.info(
                "raft host started peer={} port={} groups={} refused={}",
                self,
                server.port(),
                members.size(),
                refused.size());
    }

    private void tick() {
        long now = System.nanoTime();
        int leaderless = 0;
        for (RatisMember member : members.values()) {
            member.tick(now);
            leaderless += member.hasSeenLeader() ? 0 : 1;
        }
        firstElections.waiting(leaderless);
    }

    private void recover(GroupId id) {
        try {
            if (!Rejoining.isUnderWay(folders.of(id)) && folders.isUnfinished(id)) {
                LOG.warn("deleted the folder of a group that was never finished group={}", id);
                folders.delete(id);
                return;
            }
            Optional<ReplicatedState> state = factory.stateOf(id);
            if (state.isEmpty()) {
                LOG.error("unknown group, its Raft files went to {} group={}", folders.quarantine(id), id);
                return;
            }
            open(id, state.get(), List.of(), trust::ofFiles);
        } catch (IOException | RuntimeException failure) {
            refuse(id, failure);
        } finally {
            firstElections.opened(members.containsKey(id));
        }
    }

    private void refuse(GroupId id, Exception failure) {
        refused.put(id, failure instanceof IOException io ? io : new IOException(failure));
        LOG.error("group stays closed group={}", id, failure);
    }

    @Override
    public ReplicatedGroup create(GroupId id, List<Peer> peers) throws IOException {
        if (peers.stream().noneMatch(peer -> peer.id().equals(self))) {
            throw new IllegalArgumentException("group " + id + " has no place for " + self + " among " + peers);
        }
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            RatisMember open = members.get(id);
            if (open != null) {
                return open;
            }
            refuseUntrusted(id);
            if (folders.exists(id)) {
                throw new IOException(
                        "group " + id + " has files in " + folders.of(id) + " that were not there at start"
                                + " or could not be removed; stop the broker, look at them and remove them");
            }
            ReplicatedState state = knownState(id);
            firstElections.opening(1);
            try {
                return open(id, state, peers, trust::ofFounder);
            } catch (IOException | RuntimeException failure) {
                // It never ran, so nothing is forgotten, and the next attempt may find the disk in a better state.
                folders.delete(id);
                throw failure;
            } finally {
                firstElections.opened(members.containsKey(id));
            }
        } finally {
            changing.unlock();
        }
    }

    private ReplicatedState knownState(GroupId id) {
        return factory.stateOf(id).orElseThrow(() -> new IllegalArgumentException("no state is known for group " + id));
    }

    private void refuseUntrusted(GroupId id) throws IOException {
        IOException reason = refused.get(id);
        if (reason != null) {
            String message = "group " + id + " stays closed: " + reason.getMessage();
            throw reason instanceof DamagedMember
                    ? new DamagedMember(message, reason)
                    : new IOException(message, reason);
        }
        Rejoining.refuseUnfinished(id, folders.of(id));
        if (folders.isQuarantined(id)) {
            throw new DamagedMember(
                    "group " + id + " has files in " + folders.directory().resolve("quarantine")
                            + "; a member that starts anew beside them could vote against what it once acknowledged."
                            + " Use another group, or delete them if it never had acknowledged anything");
        }
    }

    /** Opens a state by one of the ways of {@link MemberTrust}, then the member. */
    private RatisMember open(GroupId id, ReplicatedState state, List<Peer> founders, Opening opening)
            throws IOException {
        RatisMember member;
        try {
            MemberTrust.Start start = opening.open(id, state);
            member = new RatisMember(
                    id, state, start, founders, settings, requests, barrier, threads, folders.of(id), observer);
            server.add(id, founders, member.stateMachine(), !founders.isEmpty(), requests);
        } catch (IOException | RuntimeException failure) {
            state.close();
            throw failure;
        }
        members.put(id, member);
        member.leadershipMayHaveChanged();
        return member;
    }

    private interface Opening {
        MemberTrust.Start open(GroupId id, ReplicatedState state) throws IOException;
    }

    @Override
    public Optional<IOException> refusal(GroupId id) {
        return Optional.ofNullable(refused.get(id));
    }

    @Override
    public long logStart(GroupId id) throws IOException {
        List<LogFile> files = LogFile.in(GroupFolders.current(folders.of(id)));
        return files.isEmpty() ? 0 : files.get(0).first();
    }

    @Override
    public Optional<ReplicatedGroup> group(GroupId id) {
        return Optional.ofNullable(members.get(id));
    }

    @Override
    public void remove(GroupId id) throws IOException {
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            stopMember(id, true);
            refused.remove(id);
            folders.delete(id);
        } finally {
            changing.unlock();
        }
    }

    private void stopMember(GroupId id, boolean deleteFiles) throws IOException {
        RatisMember member = members.get(id);
        if (member != null) {
            member.stopping();
            server.remove(id, deleteFiles, requests, settings.work().closeTimeout());
            members.remove(id);
            member.ended(deleteFiles);
            LOG.info("group {} group={}", deleteFiles ? "removed" : "suspended", id);
        }
    }

    @Override
    public void suspend(GroupId id) throws IOException {
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            stopMember(id, false);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public ReplicatedGroup resume(GroupId id) throws IOException {
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            RatisMember open = members.get(id);
            if (open != null) {
                return open;
            }
            refused.computeIfPresent(id, (group, reason) -> reason instanceof DamagedState ? null : reason);
            refuseUntrusted(id);
            if (!folders.exists(id)) {
                throw new IOException("group " + id + " has no files in " + folders.of(id) + " to resume from");
            }
            return open(id, knownState(id), List.of(), trust::ofFiles);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public ReplicatedGroup rejoin(GroupId id) throws IOException {
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            RatisMember open = members.get(id);
            if (open != null && open.leadership().role() != Leadership.Role.STOPPED) {
                if (Rejoining.isUnderWay(folders.of(id))) {
                    return open;
                }
                throw new IOException("group " + id + " is open and has nothing to come back from");
            }
            stopMember(id, false);
            Rejoining.begin(folders, id);
            refused.remove(id);
            try {
                return open(id, knownState(id), List.of(), trust::ofReturning);
            } catch (IOException | RuntimeException failure) {
                refuse(id, new DamagedMember("group " + id + " did not come back: " + failure.getMessage(), failure));
                throw failure;
            }
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void rejoined(GroupId id) throws IOException {
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            RatisMember member = members.get(id);
            if (member == null || member.leadership().role() == Leadership.Role.STOPPED) {
                throw new IOException("group " + id + " is not open, so it has not come back");
            }
            Rejoining.end(folders.of(id));
            LOG.info("member came back group={}", id);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void inherit(GroupId lost, GroupId heir, long termMin) throws IOException {
        ReentrantLock changing = lockOf(heir);
        changing.lock();
        try {
            if (members.containsKey(lost) || members.containsKey(heir)) {
                throw new IOException(
                        "group " + heir + " cannot go on from group " + lost + " while one of them is open");
            }
            new Inheritance(folders, RatisProfile.appendBytesMax(settings))
                    .found(lost, heir, peer(), () -> knownState(heir), termMin);
            refused.remove(lost);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void retire(GroupId id) throws IOException {
        ReentrantLock changing = lockOf(id);
        changing.lock();
        try {
            stopMember(id, false);
            refused.remove(id);
            folders.setAside(id);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void verifyLog(GroupId id) throws IOException {
        RatisMember member = members.get(id);
        if (member != null) {
            member.verifyLog();
        }
    }

    /** Stopping a group takes up to a second, so groups of different locks are made and removed side by side. */
    private ReentrantLock lockOf(GroupId id) {
        return changing.get(Math.floorMod(id.hashCode(), changing.size()));
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        members.values().forEach(RatisMember::stopping);
        IOException failed = null;
        try {
            server.close(settings.work().closeTimeout());
        } catch (IOException failure) {
            failed = failure;
        }
        requests.close();
        threads.close();
        LogFlushes.forget(self, observer);
        members.values().forEach(member -> member.ended(false));
        for (RatisMember member : members.values()) {
            Optional<IOException> failure = member.closeFailure();
            if (failure.isPresent() && failed == null) {
                failed = failure.get();
            }
        }
        if (failed != null) {
            throw failed;
        }
        LOG.info("raft host closed peer={}", self);
    }
}
