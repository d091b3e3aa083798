package io.flotilla.broker.internal;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.concurrent.WakeableTask;
import io.flotilla.broker.internal.v1.FollowMetadataRequest;
import io.flotilla.broker.internal.v1.FollowMetadataResponse;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One follower of this voter's metadata: it gets what has changed whenever it takes more bytes. */
final class MetadataStream implements OpenStreams.Stream {
    /** How often a change of the group's leader is looked for. */
    private static final Duration QUORUM_INTERVAL = Duration.ofSeconds(1);

    /**
     * A voter that knew no leader for this long may be cut off, as may one that is behind its follower: that one should
     * try another.
     */
    private static final Duration USELESS_MAX = Duration.ofSeconds(10);

    private final ServerCallStreamObserver<FollowMetadataResponse> call;
    private final VoterMetadata source;
    private final ScheduledExecutorService timer;
    private final OpenStreams streams;
    private final WakeableTask task;
    private volatile boolean leaving;
    private volatile @Nullable Listening listening;
    private volatile @Nullable ScheduledFuture<?> quorumWatch;

    // Confined to the task.
    private final FollowerNews news;

    private boolean ended;
    private long usefulUntilNanos = System.nanoTime();

    MetadataStream(
            FollowMetadataRequest request,
            ServerCallStreamObserver<FollowMetadataResponse> call,
            VoterMetadata source,
            Executor executor,
            ScheduledExecutorService timer,
            OpenStreams streams) {
        this.news = new FollowerNews(request, source::recentImage);
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
        MetadataImage image = source.image();
        if (quorum.leader().isPresent() && !news.isBehind(image)) {
            usefulUntilNanos = System.nanoTime();
        }
        if (leaving || source.isRetired() || System.nanoTime() - usefulUntilNanos > USELESS_MAX.toNanos()) {
            ended = true;
            release();
            call.onCompleted();
            return;
        }
        if (call.isReady()) {
            news.next(image, quorum).ifPresent(call::onNext);
        }
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
