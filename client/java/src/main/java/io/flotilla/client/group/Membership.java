package io.flotilla.client.group;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.GroupStream;
import io.flotilla.client.transport.LeaderHint;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.GoAwayReason;
import io.flotilla.protocol.v1.GroupAssignment;
import io.flotilla.protocol.v1.GroupSubscription;
import io.flotilla.protocol.v1.JoinGroupOpen;
import io.flotilla.protocol.v1.JoinGroupOpened;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a consumer in its group: opens the stream to the coordinator again whenever it breaks, sends heartbeats, and keeps
 * the newest assignment for the user's thread to carry out. Each time the membership is lost it begins another, under a new
 * member id.
 *
 * <p>Threading: safe. Events and timers run on the client's loop, under the object's lock; {@code onChange} is called with
 * it held and must not block.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** A coordinator that leaves this many heartbeats unanswered is left, long before the session is over. */
    private static final int HEARTBEATS_MISSED_MAX = 3;

    /** How often the clocks are looked at until the coordinator has said how often it wants heartbeats. */
    private static final long TICK_NANOS = Duration.ofMillis(500).toNanos();

    private final ClientSettings client;
    private final GroupSettings settings;
    private final Channels channels;
    private final Coordinator coordinator;
    private final EventLoop loop;
    private final Runnable onChange;
    private final RetrySchedule schedule;

    @GuardedBy("this")
    private GroupSubscription subscription;

    @GuardedBy("this")
    private Life life = Life.begin(0);

    @GuardedBy("this")
    private @Nullable Session session;

    @GuardedBy("this")
    private long heartbeatNanos = TICK_NANOS;

    @GuardedBy("this")
    private long sessionTimeoutNanos;

    @GuardedBy("this")
    private long polledNanos = System.nanoTime();

    @GuardedBy("this")
    private @Nullable Long inUseSinceNanos;

    @GuardedBy("this")
    private boolean parked;

    @GuardedBy("this")
    private @Nullable LogException fatal;

    @GuardedBy("this")
    private @Nullable CompletableFuture<Void> left;

    @GuardedBy("this")
    private boolean closed;

    /** One membership from joining to its end. */
    private static final class Life {
        final int number;
        final String memberId = UUID.randomUUID().toString();
        int memberEpoch;
        int acknowledged;

        /** When the last sign of life was sent that the coordinator has answered: it counts from then, or later. */
        long answeredNanos = System.nanoTime();

        Assignment newest = Assignment.NONE;

        private Life(int number) {
            this.number = number;
        }

        static Life begin(int number) {
            return new Life(number);
        }

        /** Whether the coordinator has confirmed it. */
        boolean joined() {
            return memberEpoch > 0;
        }
    }

    /** One stream. */
    private static final class Session {
        final BrokerAddress broker;
        final long sinceNanos = System.nanoTime();

        @Nullable
        GroupStream stream;

        final ArrayDeque<Long> heartbeatsNanos = new ArrayDeque<>();
        long heardNanos = System.nanoTime();
        boolean opened;

        Session(BrokerAddress broker) {
            this.broker = broker;
        }
    }

    /**
     * What there is to do for the user's thread.
     *
     * @param life       which membership it is; with another one than before everything held before is lost
     * @param memberId   what commits have to name
     * @param assignment the newest
     */
    record News(int life, String memberId, Assignment assignment) {}

    Membership(
            ClientSettings client,
            GroupSettings settings,
            Channels channels,
            Coordinator coordinator,
            EventLoop loop,
            Runnable onChange) {
        this.client = client;
        this.settings = settings;
        this.channels = channels;
        this.coordinator = coordinator;
        this.loop = loop;
        this.onChange = onChange;
        this.subscription = subscription(settings.topics(), settings.topicPattern());
        this.sessionTimeoutNanos = settings.sessionTimeout().toNanos();
        this.schedule = new RetrySchedule(client.retryBackoffMin(), client.retryBackoffMax(), new SplittableRandom());
    }

    void start() {
        loop.execute(this::connect);
        loop.schedule(this::tick, TICK_NANOS);
    }

    // ---- the user's side

    /**
     * The user's thread polls.
     *
     * @throws LogException why the group does not take this member
     */
    synchronized News polled() {
        polledNanos = System.nanoTime();
        LogException refused = fatal;
        if (refused != null) {
            throw refused;
        }
        if (parked) {
            parked = false;
            loop.execute(this::connect);
        }
        return news();
    }

    synchronized News news() {
        return new News(life.number, life.memberId, life.newest);
    }

    /** The user's thread reads nothing but what an assignment of that life gives. */
    synchronized void acknowledge(int lifeNumber, int version) {
        if (lifeNumber != life.number || version <= life.acknowledged) {
            return;
        }
        life.acknowledged = version;
        openStream().ifPresent(stream -> stream.acknowledge(version));
    }

    synchronized void subscribe(Collection<String> topics, Optional<String> topicPattern) {
        subscription = subscription(topics, topicPattern);
        openStream().ifPresent(stream -> stream.subscribe(subscription));
    }

    private static GroupSubscription subscription(Collection<String> topics, Optional<String> topicPattern) {
        return GroupSubscription.newBuilder()
                .addAllTopics(new TreeSet<>(topics))
                .setTopicPattern(topicPattern.orElse(""))
                .build();
    }

    /** Ends the membership; the future completes when the coordinator has confirmed that, or cannot. */
    synchronized CompletableFuture<Void> leave() {
        closed = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        Optional<GroupStream> stream = openStream();
        if (stream.isEmpty()) {
            dropSession();
            done.complete(null);
            return done;
        }
        left = done;
        stream.get().leave(settings.instanceId().isPresent());
        return done;
    }

    /** Ends the stream and leaves the membership to its timeout. */
    synchronized void abandon() {
        closed = true;
        dropSession();
    }

    @GuardedBy("this")
    private Optional<GroupStream> openStream() {
        Session current = session;
        return current == null || !current.opened ? Optional.empty() : Optional.ofNullable(current.stream);
    }

    @GuardedBy("this")
    private void dropSession() {
        Session current = session;
        session = null;
        if (current != null && current.stream != null) {
            current.stream.cancel();
        }
    }

    // ---- the stream, on the loop

    private synchronized void connect() {
        if (closed || parked || fatal != null || session != null) {
            return;
        }
        BrokerAddress broker = coordinator.broker();
        Session opening = new Session(broker);
        session = opening;
        try {
            opening.stream = GroupStream.open(channels, broker, request(), new Events(opening));
        } catch (LogException clientClosed) {
            session = null;
        }
    }

    @GuardedBy("this")
    private JoinGroupOpen request() {
        return JoinGroupOpen.newBuilder()
                .setGroup(settings.group())
                .setMemberId(life.memberId)
                .setMemberEpoch(life.memberEpoch)
                .setAssignmentVersion(life.acknowledged)
                .setInstanceId(settings.instanceId().orElse(""))
                .setClientId(settings.clientId())
                .setSubscription(subscription)
                .setAssignor(
                        switch (settings.assignor()) {
                            case UNIFORM -> io.flotilla.protocol.v1.GroupAssignor.GROUP_ASSIGNOR_UNIFORM;
                            case RANGE -> io.flotilla.protocol.v1.GroupAssignor.GROUP_ASSIGNOR_RANGE;
                        })
                .setSessionTimeout(toProto(settings.sessionTimeout()))
                .setRevocationTimeout(toProto(settings.revocationTimeout()))
                .build();
    }

    private static com.google.protobuf.Duration toProto(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static long nanosOf(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos()).toNanos();
    }

    private void tick() {
        long next;
        synchronized (this) {
            if (closed || loop.isClosed()) {
                return;
            }
            look(System.nanoTime());
            next = heartbeatNanos;
        }
        loop.schedule(this::tick, next);
    }

    @GuardedBy("this")
    private void look(long now) {
        if (!parked && now - polledNanos > settings.pollIntervalMax().toNanos()) {
            park();
            return;
        }
        if (life.joined() && now - life.answeredNanos > sessionTimeoutNanos) {
            lose("no coordinator has answered for the session timeout");
        }
        Session current = session;
        if (current == null) {
            return;
        }
        if (!current.opened) {
            if (now - current.sinceNanos > client.attemptTimeout().toNanos()) {
                silent(current);
            }
            return;
        }
        if (now - current.heardNanos
                > Math.max(
                        heartbeatNanos * HEARTBEATS_MISSED_MAX,
                        client.leaderCheckInterval().toNanos())) {
            silent(current);
        } else if (current.stream != null) {
            current.heartbeatsNanos.add(now);
            current.stream.heartbeat();
        }
    }

    @GuardedBy("this")
    private void silent(Session current) {
        LOG.info("coordinator went silent group={} broker={}", settings.group(), current.broker);
        dropSession();
        channels.renew(current.broker);
        coordinator.failed(current.broker, Failure.of(ErrorCode.TIMEOUT, "broker " + current.broker + " went silent"));
        loop.schedule(this::connect, schedule.nextDelayNanos(false));
    }

    /** A consumer that is not polled must not keep its partitions from the others. */
    @GuardedBy("this")
    private void park() {
        LOG.warn(
                "left the group, since the consumer was not polled group={} member={} pollIntervalMaxMillis={}",
                settings.group(),
                life.memberId,
                settings.pollIntervalMax().toMillis());
        openStream().ifPresent(stream -> stream.leave(false));
        parked = true;
        session = null; // the coordinator ends the stream
        life = Life.begin(life.number + 1);
        onChange.run();
    }

    @GuardedBy("this")
    private void lose(String reason) {
        LOG.warn("lost the membership group={} member={} reason={}", settings.group(), life.memberId, reason);
        life = Life.begin(life.number + 1);
        dropSession();
        loop.schedule(this::connect, schedule.nextDelayNanos(true));
        onChange.run();
    }

    /** Hands over to the loop, in the order of the stream. */
    private final class Events implements GroupStream.Listener {
        private final Session from;

        Events(Session from) {
            this.from = from;
        }

        @Override
        public void opened(JoinGroupOpened opened) {
            loop.execute(() -> onOpened(from, opened));
        }

        @Override
        public void assignment(GroupAssignment assignment) {
            long arrivedNanos = System.nanoTime();
            loop.execute(() -> onAssignment(from, Assignment.of(assignment, arrivedNanos)));
        }

        @Override
        public void heartbeat() {
            loop.execute(() -> onHeartbeat(from));
        }

        @Override
        public void goAway(GoAway goAway) {
            loop.execute(() -> onGoAway(from, goAway));
        }

        @Override
        public void closed(Failure failure) {
            loop.execute(() -> onClosed(from, failure));
        }
    }

    private synchronized void onOpened(Session from, JoinGroupOpened opened) {
        if (from != session) {
            return;
        }
        from.opened = true;
        inUseSinceNanos = null;
        schedule.succeeded();
        coordinator.answered(from.broker);
        from.heardNanos = System.nanoTime();
        life.answeredNanos = from.sinceNanos;
        life.memberEpoch = Math.max(life.memberEpoch, opened.getMemberEpoch());
        heartbeatNanos = nanosOf(opened.getHeartbeatInterval());
        sessionTimeoutNanos = nanosOf(opened.getSessionTimeout());
        LOG.debug("in the group group={} member={} coordinator={}", settings.group(), life.memberId, from.broker);
        // What was said while the stream was being opened is not in its first message.
        GroupStream stream = from.stream;
        if (stream != null) {
            stream.subscribe(subscription);
            if (life.acknowledged > 0) {
                stream.acknowledge(life.acknowledged);
            }
        }
    }

    private synchronized void onHeartbeat(Session from) {
        Long sentNanos = from.heartbeatsNanos.poll();
        if (from == session && sentNanos != null) {
            from.heardNanos = System.nanoTime();
            life.answeredNanos = sentNanos;
        }
    }

    private synchronized void onAssignment(Session from, Assignment assignment) {
        if (from != session) {
            return;
        }
        from.heardNanos = System.nanoTime();
        life.memberEpoch = Math.max(life.memberEpoch, assignment.memberEpoch());
        life.newest = assignment;
        onChange.run();
    }

    private synchronized void onGoAway(Session from, GoAway goAway) {
        if (from != session) {
            return;
        }
        LOG.debug("told to go away group={} broker={} reason={}", settings.group(), from.broker, goAway.getReason());
        if (goAway.getReason() == GoAwayReason.GO_AWAY_REASON_REPLACED) {
            lose("another stream has taken its place");
            return;
        }
        CompletableFuture<Void> leaving = left;
        if (leaving != null) {
            leaving.complete(null);
        }
        dropSession();
        Optional<BrokerAddress> next = goAway.hasLeader() ? LeaderHint.address(goAway.getLeader()) : Optional.empty();
        if (next.isPresent() && !next.get().equals(from.broker)) {
            coordinator.named(next.get());
            loop.schedule(this::connect, schedule.nextDelayNanos(true));
        } else {
            coordinator.failed(from.broker, Failure.of(ErrorCode.NOT_LEADER, goAway.getMessage()));
            loop.schedule(this::connect, schedule.nextDelayNanos(false));
        }
    }

    private synchronized void onClosed(Session from, Failure failure) {
        if (from != session) {
            return;
        }
        session = null;
        CompletableFuture<Void> leaving = left;
        if (leaving != null) {
            leaving.complete(null);
            return;
        }
        switch (failure.code()) {
            case UNKNOWN_MEMBER -> lose(String.valueOf(failure.cause().getMessage()));
            case INSTANCE_IN_USE -> awaitInstance(from, failure);
            default -> {
                if (failure.code().retriable()) {
                    LOG.debug(
                            "group stream lost group={} broker={} cause={}",
                            settings.group(),
                            from.broker,
                            failure.cause().getMessage());
                    boolean named = coordinator.failed(from.broker, failure);
                    loop.schedule(this::connect, schedule.nextDelayNanos(named));
                } else {
                    refused(failure);
                }
            }
        }
    }

    /** The process before this one may have died without leaving: then it is taken for gone after its session timeout. */
    @GuardedBy("this")
    private void awaitInstance(Session from, Failure failure) {
        long now = System.nanoTime();
        if (inUseSinceNanos == null) {
            inUseSinceNanos = now;
        }
        coordinator.answered(from.broker);
        if (now - inUseSinceNanos > 2 * sessionTimeoutNanos) {
            refused(failure);
        } else {
            loop.schedule(this::connect, schedule.nextDelayNanos(false));
        }
    }

    @GuardedBy("this")
    private void refused(Failure failure) {
        fatal = failure.cause();
        onChange.run();
    }
}
