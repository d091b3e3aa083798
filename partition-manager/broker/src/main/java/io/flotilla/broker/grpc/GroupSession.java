package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.concurrent.WakeableTask;
import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.group.MemberKey;
import io.flotilla.broker.group.MemberSession;
import io.flotilla.broker.group.Subscription;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.group.GroupLimits;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.GoAwayReason;
import io.flotilla.protocol.v1.GroupAssignment;
import io.flotilla.protocol.v1.JoinGroupHeartbeat;
import io.flotilla.protocol.v1.JoinGroupOpen;
import io.flotilla.protocol.v1.JoinGroupOpened;
import io.flotilla.protocol.v1.JoinGroupRequest;
import io.flotilla.protocol.v1.JoinGroupResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One member's stream. Requests are handled one after the other: while the metadata's group agrees on one, the next is not
 * read. The end of the stream leaves the membership as it is.
 *
 * <p>Threading: the task runs {@link #turn}, to which all state is confined but the queue and flags other threads set.
 */
final class GroupSession implements StreamObserver<JoinGroupRequest>, OpenStreams.Stream, MemberSession {
    /** Heartbeats in one session timeout at least, so that two may get lost. */
    private static final int HEARTBEATS_PER_SESSION = 3;

    private final ServerCallStreamObserver<JoinGroupResponse> call;
    private final GroupAccess access;
    private final ErrorAnswers errors;
    private final OpenStreams streams;
    private final String host;
    private final WakeableTask task;

    /** At most the one message that was requested. */
    private final Queue<JoinGroupRequest> requests = new ConcurrentLinkedQueue<>();

    private volatile boolean halfClosed;
    private volatile boolean cancelled;
    private volatile boolean left;
    private volatile @Nullable GoAway goAway;

    // Confined to the task.
    private @Nullable GroupCoordinator coordinator;
    private @Nullable MemberKey key;
    private @Nullable Subscription subscription;
    private @Nullable CompletableFuture<Void> underWay;

    /** Whether no request of the member is what is under way. */
    private boolean underWayUnasked;

    private boolean opened;
    private boolean ended;
    private @Nullable GroupMember told;

    GroupSession(
            ServerCallStreamObserver<JoinGroupResponse> call,
            GroupAccess access,
            ErrorAnswers errors,
            OpenStreams streams,
            Executor executor,
            String host) {
        this.call = call;
        this.access = access;
        this.errors = errors;
        this.streams = streams;
        this.host = host;
        this.task = new WakeableTask(executor, this::turn);
    }

    void start() {
        call.disableAutoRequest();
        call.setOnCancelHandler(this::cancelled);
        streams.opened(this);
        call.request(1);
    }

    @Override
    public void onNext(JoinGroupRequest request) {
        requests.add(request);
        task.wake();
    }

    @Override
    public void onError(Throwable failure) {
        cancelled();
    }

    private void cancelled() {
        cancelled = true;
        task.wake();
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        task.wake();
    }

    @Override
    public void membershipChanged() {
        task.wake();
    }

    @Override
    public void goAway() {
        leave(
                GoAwayReason.GO_AWAY_REASON_SHUTDOWN,
                "the broker is stopping; find the next coordinator",
                Optional.empty());
    }

    @Override
    public void replaced() {
        leave(
                GoAwayReason.GO_AWAY_REASON_REPLACED,
                "the member has opened another stream, which takes the place of this one",
                Optional.empty());
    }

    @Override
    public void moved(Optional<Integer> leader) {
        leave(GoAwayReason.GO_AWAY_REASON_LEADER_CHANGED, "this broker coordinates consumer groups no more", leader);
    }

    private void leave(GoAwayReason reason, String message, Optional<Integer> leader) {
        GoAway.Builder told = GoAway.newBuilder().setReason(reason).setMessage(message);
        errors.leaderOf(new NotLeader(message, 0, leader)).ifPresent(told::setLeader);
        goAway = told.build();
        task.wake();
    }

    private void turn() {
        if (ended) {
            unregister(); // what was under way may have registered the stream after its end
            return;
        }
        try {
            if (cancelled) {
                release();
                return;
            }
            boolean halfClosedBefore = halfClosed; // read before the queue: no request follows it
            GoAway asked = goAway;
            if (asked != null) {
                end(asked);
            } else if (handleRequests()) {
                goOn(halfClosedBefore);
            }
        } catch (NotLeader moved) {
            if (opened) {
                moved(moved.leaderBrokerId());
            } else {
                fail(moved);
            }
        } catch (RuntimeException failure) { // a refusal that ends the stream, or a bug that must not hang it
            fail(failure);
        }
    }

    private void end(GoAway message) {
        release();
        call.onNext(JoinGroupResponse.newBuilder().setGoAway(message).build());
        call.onCompleted();
    }

    private void fail(RuntimeException failure) {
        release();
        call.onError(errors.exception(failure, null));
    }

    private void goOn(boolean halfClosedBefore) {
        if (left || (halfClosedBefore && requests.isEmpty())) {
            release();
            call.onCompleted();
        } else if (key != null && !followPattern()) {
            tell();
        }
    }

    /** Subscribes the member to what its pattern matches by now, if that is something else; whether that is under way. */
    private boolean followPattern() {
        GroupCoordinator ours = coordinator;
        MemberKey member = key;
        Subscription wanted = subscription;
        if (ours == null || member == null || wanted == null || wanted.pattern().isEmpty()) {
            return false;
        }
        SortedSet<String> topics = wanted.topics(ours.image());
        boolean asBefore = ours.member(member)
                .map(now -> now.topics().equals(topics))
                .orElse(true); // or it is none any more, which it is to be told
        if (asBefore) {
            return false;
        }
        CompletableFuture<Void> begun = ours.follow(member, topics);
        underWay = begun;
        underWayUnasked = true;
        var unused = begun.whenComplete((done, failure) -> task.wake());
        return true;
    }

    /** Returns false while one is under way, whose end wakes the task. */
    private boolean handleRequests() {
        while (true) {
            CompletableFuture<Void> waiting = underWay;
            if (waiting != null) {
                if (!waiting.isDone()) {
                    return false;
                }
                underWay = null;
                boolean unasked = underWayUnasked;
                underWayUnasked = false;
                join(waiting);
                if (!unasked) {
                    call.request(1);
                }
            }
            JoinGroupRequest request = requests.poll();
            if (request == null || left) {
                return true;
            }
            CompletableFuture<Void> begun = handle(request);
            underWay = begun;
            var unused = begun.whenComplete((done, failure) -> task.wake());
        }
    }

    /** Throws the failure itself, out of the wrapper that the future puts around it. */
    private static void join(CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException wrapper) {
            throw wrapper.getCause() instanceof RuntimeException cause ? cause : wrapper;
        }
    }

    private CompletableFuture<Void> handle(JoinGroupRequest request) {
        GroupCoordinator ours = coordinator;
        MemberKey member = key;
        if (request.hasOpen()) {
            if (member != null) {
                throw GroupRequests.invalid("the stream is open already");
            }
            return open(request.getOpen());
        }
        if (ours == null || member == null) {
            throw GroupRequests.invalid("the first message of the stream must be open");
        }
        return switch (request.getRequestCase()) {
            case HEARTBEAT -> {
                ours.heard(member);
                call.onNext(JoinGroupResponse.newBuilder()
                        .setHeartbeat(JoinGroupHeartbeat.getDefaultInstance())
                        .build());
                yield CompletableFuture.completedFuture(null);
            }
            case ACKNOWLEDGE ->
                ours.acknowledge(member, request.getAcknowledge().getAssignmentVersion());
            case SUBSCRIBE -> {
                Subscription wanted =
                        GroupRequests.subscription(request.getSubscribe().getSubscription());
                subscription = wanted;
                yield ours.subscribe(member, wanted.topics(ours.image()));
            }
            case LEAVE -> ours.leave(member, request.getLeave().getKeepPlace()).thenRun(() -> left = true);
            case OPEN, REQUEST_NOT_SET -> throw GroupRequests.invalid("a message of the stream is empty");
        };
    }

    private CompletableFuture<Void> open(JoinGroupOpen open) {
        GroupCoordinator ours = access.coordinator();
        MemberInfo info = GroupRequests.member(open, host, ours.settings());
        Subscription wanted = GroupRequests.subscription(open.getSubscription());
        subscription = wanted;
        coordinator = ours;
        key = new MemberKey(open.getGroup(), open.getMemberId());
        return ours.open(
                open.getGroup(),
                info,
                wanted.topics(ours.image()),
                open.getMemberEpoch() > 0,
                open.getAssignmentVersion(),
                this);
    }

    /** Says what has changed for the member since it was told last. */
    private void tell() {
        GroupCoordinator ours = coordinator;
        MemberKey member = key;
        if (ours == null || member == null) {
            return;
        }
        ours.lead();
        GroupMember now = ours.member(member).orElseThrow(() -> GroupCoordinator.unknownMember(member));
        if (!opened) {
            opened = true;
            call.onNext(
                    JoinGroupResponse.newBuilder().setOpened(opened(now, ours)).build());
        }
        GroupMember before = told;
        if (before == null
                || before.version() != now.version()
                || before.epoch() != now.epoch()
                || !before.revoking().equals(now.revoking())) {
            told = now;
            call.onNext(JoinGroupResponse.newBuilder()
                    .setAssignment(assignment(now, ours, member))
                    .build());
        }
    }

    private static JoinGroupOpened opened(GroupMember member, GroupCoordinator coordinator) {
        Duration session = Duration.ofMillis(member.info().sessionTimeoutMillis());
        Duration third = session.dividedBy(HEARTBEATS_PER_SESSION);
        Duration interval = coordinator.settings().heartbeatInterval();
        return JoinGroupOpened.newBuilder()
                .setMemberEpoch(member.epoch())
                .setHeartbeatInterval(WireTimes.duration(interval.compareTo(third) < 0 ? interval : third))
                .setSessionTimeout(WireTimes.duration(session))
                .setRevocationTimeout(
                        WireTimes.duration(Duration.ofMillis(member.info().revocationTimeoutMillis())))
                .setMaxMetadataBytes(GroupLimits.METADATA_BYTES_MAX)
                .setMaxCommitPartitions(GroupLimits.COMMIT_PARTITIONS_MAX)
                .build();
    }

    private static GroupAssignment assignment(GroupMember member, GroupCoordinator coordinator, MemberKey key) {
        MetadataImage image = coordinator.image();
        GroupAssignment.Builder assignment =
                GroupAssignment.newBuilder().setVersion(member.version()).setMemberEpoch(member.epoch());
        member.owned().forEach((partition, since) -> GroupDescriptions.assigned(image, partition, since)
                .ifPresent(assignment::addPartitions));
        member.revoking().forEach((partition, revocation) -> GroupDescriptions.assigned(
                        image, partition, revocation.sinceEpoch())
                .ifPresent(assignment::addRevoked));
        coordinator
                .revocationLeftMillis(key, member)
                .ifPresent(millis -> assignment.setRevokeWithin(WireTimes.duration(Duration.ofMillis(millis))));
        return assignment.build();
    }

    private void release() {
        ended = true;
        streams.closed(this);
        unregister();
    }

    private void unregister() {
        GroupCoordinator ours = coordinator;
        MemberKey member = key;
        if (ours != null && member != null) {
            ours.closed(member, this);
        }
    }
}
