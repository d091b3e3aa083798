package io.flotilla.broker.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.concurrent.WakeableTask;
import io.flotilla.broker.internal.v1.FollowMetadataResponse;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One follower of this voter's metadata: it gets the newest image whenever it takes more bytes. */
final class MetadataStream implements OpenStreams.Stream {
    /** How often a change of the group's leader is looked for. */
    private static final Duration QUORUM_INTERVAL = Duration.ofSeconds(1);

    /** A voter that knew no leader for this long may be cut off: its follower should try another one. */
    private static final Duration LEADERLESS_MAX = Duration.ofSeconds(10);

    private final ServerCallStreamObserver<FollowMetadataResponse> call;
    private final VoterMetadata source;
    private final ScheduledExecutorService timer;
    private final OpenStreams streams;
    private final WakeableTask task;
    private volatile boolean leaving;
    private volatile @Nullable Listening listening;
    private volatile @Nullable ScheduledFuture<?> quorumWatch;

    // Confined to the task.
    private long versionSent = -1;
    private @Nullable Quorum quorumSent;
    private boolean ended;
    private long ledUntilNanos = System.nanoTime();

    MetadataStream(
            ServerCallStreamObserver<FollowMetadataResponse> call,
            VoterMetadata source,
            Executor executor,
            ScheduledExecutorService timer,
            OpenStreams streams) {
        this.call = call;
        this.source = source;
        this.timer = timer;
        this.streams = streams;
        this.task = new WakeableTask(executor, this::turn);
    }

    void start() {
        call.setOnReadyHandler(task::wake);
        call.setOnCancelHandler(this::release);
        streams.opened(this);
        listening = source.listen(image -> task.wake());
        long millis = QUORUM_INTERVAL.toMillis();
        quorumWatch = timer.scheduleWithFixedDelay(task::wake, millis, millis, TimeUnit.MILLISECONDS);
        task.wake();
    }

    @Override
    public void goAway() {
        leaving = true;
        task.wake();
    }

    private void turn() {
        if (ended) {
            return;
        }
        if (call.isCancelled()) {
            release();
            return;
        }
        Quorum quorum = source.quorum();
        if (quorum.leader().isPresent()) {
            ledUntilNanos = System.nanoTime();
        }
        if (leaving || System.nanoTime() - ledUntilNanos > LEADERLESS_MAX.toNanos()) {
            ended = true;
            release();
            call.onCompleted();
            return;
        }
        MetadataImage image = source.image();
        if (!call.isReady() || (image.version() == versionSent && quorum.equals(quorumSent))) {
            return;
        }
        FollowMetadataResponse.Builder response = FollowMetadataResponse.newBuilder()
                .setImage(UnsafeByteOperations.unsafeWrap(ImageFormat.encode(image)))
                .addAllVoterBrokerIds(quorum.voters());
        quorum.leader().ifPresent(response::setLeaderBrokerId);
        call.onNext(response.build());
        versionSent = image.version();
        quorumSent = quorum;
    }

    private void release() {
        streams.closed(this);
        Listening images = listening;
        if (images != null) {
            images.close();
        }
        ScheduledFuture<?> watch = quorumWatch;
        if (watch != null) {
            watch.cancel(false);
        }
    }
}
