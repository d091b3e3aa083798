package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates all consumer groups while this broker leads the metadata, and refuses with NOT_LEADER while it does not.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
public final class GroupCoordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinator.class);

    /** Between two looks at leadership, members and topics. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** A look that comes so much late says that this process stood still, so that it could hear nobody. */
    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    /** Between two looks for groups that can be forgotten. */
    private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(1);

    /** Groups forgotten by one command. */
    private static final int EXPIRED_PER_COMMAND_MAX = 1_000;

    private final GroupStore store;
    private final GroupSettings settings;
    private final Clock clock;
    private final CommitBatcher commits;
    private final AtomicLong rebalances = new AtomicLong();
    private @Nullable ScheduledFuture<?> ticking;

    // Guarded by this.
    private final MemberClock members = new MemberClock();
    private final TopicWatch topics = new TopicWatch();
    private final Map<String, Map<String, MemberSession>> sessions = new HashMap<>();
    private final Set<MemberKey> leaving = new HashSet<>();
    private long term;
    private boolean coordinating;
    private long expiryDueMillis;
    private long lookedMillis = nowMillis();

    private GroupCoordinator(GroupStore store, GroupSettings settings, Clock clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.commits = new CommitBatcher(store, clock, settings.commitsWaitingMax());
    }

    /**
     * The caller owns the coordinator.
     *
     * @param timer runs its looks, which are short
     */
    public static GroupCoordinator start(
            GroupStore store, GroupSettings settings, Clock clock, ScheduledExecutorService timer) {
        GroupCoordinator coordinator = new GroupCoordinator(store, settings, clock);
        long millis = TICK.toMillis();
        coordinator.ticking =
                timer.scheduleWithFixedDelay(coordinator::tickSafely, millis, millis, TimeUnit.MILLISECONDS);
        return coordinator;
    }

    public GroupSettings settings() {
        return settings;
    }

    /** Time of the clock by which members live, in milliseconds. */
    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    /**
     * Makes sure that this broker coordinates.
     *
     * @throws NotLeader with the leader if it is known
     * @throws Refused   LEADER_NOT_READY
     */
    public void lead() {
        if (!coordinates()) {
            Leadership now = store.leadership();
            if (now.isLeader()) {
                throw new Refused(
                        ErrorCode.LEADER_NOT_READY,
                        "this broker has just become coordinator of the consumer groups; retry in a moment");
            }
            throw new NotLeader(
                    "this broker does not coordinate consumer groups: ask the leader of the metadata",
                    Math.toIntExact(now.term()),
                    now.leader().map(PeerId::nodeId));
        }
    }

    /** Whether this broker coordinates now. Takes note of a change of leadership. */
    public boolean coordinates() {
        Leadership now = store.leadership();
        boolean leads = now.isLeader() && now.ready();
        Map<String, Map<String, MemberSession>> ended;
        synchronized (this) {
            if (leads == coordinating && (!leads || now.term() == term)) {
                return leads;
            }
            ended = new HashMap<>(sessions);
            sessions.clear();
            members.reset();
            topics.forget();
            leaving.clear();
            coordinating = leads;
            term = now.term();
            expiryDueMillis = nowMillis() + EXPIRY_INTERVAL.toMillis();
        }
        LOG.info(
                leads
                        ? "coordinates consumer groups term={} groups={}"
                        : "coordinates consumer groups no more term={} groups={}",
                now.term(),
                store.groups().size());
        Optional<Integer> leader = leads ? Optional.empty() : now.leader().map(PeerId::nodeId);
        ended.values().forEach(ofGroup -> ofGroup.values().forEach(session -> session.moved(leader)));
        return leads;
    }

    /** The newest groups, on the coordinator; they may be behind what was committed a moment ago by none. */
    public Groups groups() {
        return store.groups();
    }

    public MetadataImage image() {
        return store.image();
    }

    /** All groups as of now: every commit that was answered before is in them. */
    public CompletableFuture<Groups> read() {
        lead();
        return store.readBarrier().thenApply(nothing -> store.groups());
    }

    /** A member as it is now; empty if it is none (any more). */
    public Optional<GroupMember> member(MemberKey key) {
        return store.groups()
                .group(key.group())
                .map(GroupEntry::group)
                .flatMap((ConsumerGroup group) -> group.member(key.memberId()));
    }

    /**
     * A member opens a stream: it joins, or comes back.
     *
     * @param returning whether it says that it is a member already
     * @param version   of the last assignment that it acknowledges with it
     */
    public CompletableFuture<Void> open(
            String group,
            MemberInfo info,
            SortedSet<String> names,
            boolean returning,
            int version,
            MemberSession session) {
        lead();
        MemberKey key = new MemberKey(group, info.id());
        Optional<GroupMember> known = member(key);
        boolean asBefore = known.filter(
                        member -> !member.away() && member.topics().equals(names))
                .isPresent();
        CompletableFuture<Void> joined = asBefore
                ? CompletableFuture.completedFuture(null)
                : change(group, new GroupCommand.Join(group, info, names, returning, clock.millis()))
                        .thenApply(done -> null);
        return joined.thenCompose(nothing -> {
            register(key, session);
            return acknowledge(key, version);
        });
    }

    private void register(MemberKey key, MemberSession session) {
        MemberSession former;
        synchronized (this) {
            if (!coordinating) {
                session.moved(Optional.empty());
                return;
            }
            members.heard(key, nowMillis());
            former = sessions.computeIfAbsent(key.group(), name -> new HashMap<>())
                    .put(key.memberId(), session);
        }
        if (former != null && former != session) {
            former.replaced();
        }
    }

    /** The session has ended; the membership has not. */
    public synchronized void closed(MemberKey key, MemberSession session) {
        Map<String, MemberSession> ofGroup = sessions.get(key.group());
        if (ofGroup != null && ofGroup.remove(key.memberId(), session) && ofGroup.isEmpty()) {
            sessions.remove(key.group());
        }
    }

    /**
     * A sign of life.
     *
     * @throws Refused UNKNOWN_MEMBER if it is none
     */
    public void heard(MemberKey key) {
        lead();
        if (member(key).isEmpty()) {
            throw unknownMember(key);
        }
        synchronized (this) {
            members.heard(key, nowMillis());
        }
    }

    /** What a member is told that is none any more. */
    public static Refused unknownMember(MemberKey key) {
        return new Refused(
                ErrorCode.UNKNOWN_MEMBER,
                "'" + key.memberId() + "' is no member of group '" + key.group()
                        + "' (any more): stop reading, and join again under a new member id",
                Map.of("group", key.group(), "member_id", key.memberId()));
    }

    /** The member has done what an assignment of this version asked. */
    public CompletableFuture<Void> acknowledge(MemberKey key, int version) {
        heard(key);
        boolean news = member(key).stream()
                .flatMap(member -> member.revoking().values().stream())
                .anyMatch(revocation -> revocation.version() <= version);
        return news
                ? change(key.group(), new GroupCommand.Acknowledge(key.group(), key.memberId(), version))
                        .thenApply(done -> null)
                : CompletableFuture.completedFuture(null);
    }

    /** A member says that it wants to read other topics. */
    public CompletableFuture<Void> subscribe(MemberKey key, SortedSet<String> names) {
        heard(key);
        return follow(key, names);
    }

    /** What a member wants to read are other topics now, of which it has said nothing: this is no sign of its life. */
    public CompletableFuture<Void> follow(MemberKey key, SortedSet<String> names) {
        lead();
        return change(key.group(), new GroupCommand.Subscribe(key.group(), key.memberId(), names, clock.millis()))
                .thenApply(done -> null);
    }

    /** @param keepPlace of a static member */
    public CompletableFuture<Void> leave(MemberKey key, boolean keepPlace) {
        heard(key);
        return change(
                        key.group(),
                        new GroupCommand.Leave(
                                key.group(), key.memberId(), keepPlace, key.memberId() + " has left", clock.millis()))
                .thenApply(done -> null);
    }

    /** Commits offsets, together with others' of about the same time. */
    public CompletableFuture<GroupResult.CommitAnswer> commit(GroupCommand.Commit commit) {
        lead();
        commit.member().ifPresent(member -> {
            synchronized (this) {
                MemberKey key = new MemberKey(commit.group(), member.id());
                if (member(key).isPresent()) {
                    members.heard(key, nowMillis());
                }
            }
        });
        return commits.commit(commit);
    }

    /** Has the metadata's group agree on a change, and members look at what it means for them. */
    public CompletableFuture<GroupResult> change(String group, GroupCommand command) {
        lead();
        return propose(command).thenApply(result -> {
            sessionsOf(group).forEach(MemberSession::membershipChanged);
            return result;
        });
    }

    private CompletableFuture<GroupResult> propose(GroupCommand command) {
        return store.propose(new MetadataCommand.ChangeGroups(command)).thenApply(outcome -> {
            GroupResult result = outcome.resultAs(Result.GroupsChanged.class).change();
            if (result instanceof GroupResult.Changed changed) {
                rebalances.addAndGet(changed.rebalances());
            }
            return result;
        });
    }

    private synchronized List<MemberSession> sessionsOf(String group) {
        return List.copyOf(sessions.getOrDefault(group, Map.of()).values());
    }

    private synchronized List<MemberSession> allSessions() {
        return sessions.values().stream()
                .flatMap(ofGroup -> ofGroup.values().stream())
                .toList();
    }

    /** For how long nothing was heard of a member, in milliseconds; empty if nothing ever was. */
    public synchronized OptionalLong silentMillis(MemberKey key) {
        return members.silentMillis(key, nowMillis());
    }

    /** How long a member has left to acknowledge what was taken from it, in milliseconds; empty if nothing was. */
    public synchronized OptionalLong revocationLeftMillis(MemberKey key, GroupMember member) {
        return members.revocationLeftMillis(key, member, nowMillis());
    }

    /** New distributions of partitions that this broker has brought about. */
    public long rebalances() {
        return rebalances.get();
    }

    /** Offsets that were committed through this broker. */
    public long commits() {
        return commits.committed();
    }

    /** Entries of the metadata's group that they took. */
    public long commitEntries() {
        return commits.entries();
    }

    private void tickSafely() {
        try {
            tick();
        } catch (RuntimeException bug) { // the next look must come
            LOG.error("the coordinator of consumer groups failed", bug);
        }
    }

    private void tick() {
        if (!coordinates()) {
            return;
        }
        Groups groups = store.groups();
        long now = nowMillis();
        List<MemberClock.Overdue> overdue;
        boolean follow;
        boolean expire;
        synchronized (this) {
            if (now - lookedMillis > STANDSTILL.toMillis()) {
                LOG.warn("stood still and heard of no member of a consumer group millis={}", now - lookedMillis);
                members.reset();
            }
            lookedMillis = now;
            overdue = members.overdue(groups, now).stream()
                    .filter(member -> leaving.add(member.member()))
                    .toList();
            follow = topics.changed(store.image()) && groups.size() > 0;
            expire = now >= expiryDueMillis && !settings.offsetsRetention().isZero();
            expiryDueMillis = expire ? now + EXPIRY_INTERVAL.toMillis() : expiryDueMillis;
        }
        overdue.forEach(this::remove);
        if (follow) {
            follow();
        }
        if (expire) {
            expire(groups);
        }
    }

    private void remove(MemberClock.Overdue overdue) {
        MemberKey key = overdue.member();
        LOG.info("removes a member of a consumer group member={} reason={}", key, overdue.reason());
        GroupCommand.Leave leave =
                new GroupCommand.Leave(key.group(), key.memberId(), false, overdue.reason(), clock.millis());
        var unused = propose(leave).whenComplete((done, failure) -> {
            synchronized (this) {
                leaving.remove(key); // after a failure the next look tries again
            }
            sessionsOf(key.group()).forEach(MemberSession::membershipChanged);
        });
    }

    private void follow() {
        var unused = propose(new GroupCommand.FollowTopics(clock.millis())).whenComplete((done, failure) -> {
            if (failure != null) {
                synchronized (this) {
                    topics.forget();
                }
            } else {
                allSessions().forEach(MemberSession::membershipChanged);
            }
        });
    }

    private void expire(Groups groups) {
        long idleSinceMillis = clock.millis() - settings.offsetsRetention().toMillis();
        List<String> idle = groups.all().stream()
                .filter(entry -> !entry.hasMembers() && entry.idleSinceMillis() < idleSinceMillis)
                .map(GroupEntry::name)
                .limit(EXPIRED_PER_COMMAND_MAX)
                .toList();
        if (!idle.isEmpty()) {
            LOG.info("forgets idle consumer groups count={} first={}", idle.size(), idle.get(0));
            var unused = propose(new GroupCommand.Expire(idle, idleSinceMillis));
        }
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = ticking;
        if (running != null) {
            running.cancel(false);
        }
    }
}
