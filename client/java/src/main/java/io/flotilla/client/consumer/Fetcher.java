package io.flotilla.client.consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.metadata.OffsetFinder;
import io.flotilla.client.metrics.ConsumerMetrics;
import io.flotilla.client.metrics.ConsumerState;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.ReadStream;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.PartitionPosition;
import io.flotilla.protocol.v1.ReadHeartbeat;
import io.flotilla.protocol.v1.RecordChunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ahead: keeps each assigned partition on a read stream to its leader and buffers what comes. Whatever happens ends
 * in {@link #reconcile}, which compares what is wanted with what is and closes the gap.
 *
 * <p>Threading: safe. The user's thread moves cursors and takes chunks, the loop thread handles events, both under the
 * object's lock; what waits for chunks is notified on it.
 */
final class Fetcher implements ConsumerState {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    /** A broker that misses this many heartbeats in a row is left. */
    private static final int HEARTBEATS_MISSED_MAX = 3;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ClientSettings client;
    private final ConsumerSettings settings;
    private final Channels channels;
    private final MetadataCache metadata;
    private final OffsetFinder offsets;
    private final EventLoop loop;
    private final ConsumerMetrics metrics;
    private final AtomicBoolean reconcilePending = new AtomicBoolean();

    @GuardedBy("this")
    private final Map<TopicPartition, Cursor> cursors = new HashMap<>();

    @GuardedBy("this")
    private final Map<BrokerAddress, BrokerStream> streams = new HashMap<>();

    @GuardedBy("this")
    private final ArrayDeque<BufferedChunk> buffered = new ArrayDeque<>();

    @GuardedBy("this")
    private long lastAssignmentId;

    @GuardedBy("this")
    private long changes;

    @GuardedBy("this")
    private boolean woken;

    @GuardedBy("this")
    private boolean nudged;

    @GuardedBy("this")
    private boolean closed;

    Fetcher(
            ClientSettings client,
            ConsumerSettings settings,
            Channels channels,
            MetadataCache metadata,
            OffsetFinder offsets,
            EventLoop loop,
            String group) {
        this.client = client;
        this.settings = settings;
        this.channels = channels;
        this.metadata = metadata;
        this.offsets = offsets;
        this.loop = loop;
        this.metrics = client.metrics().consumer(group, this);
        tick();
    }

    // ---- what the user wants

    void assign(Collection<TopicPartition> partitions, Position start) {
        Map<TopicPartition, Position> starts = new HashMap<>();
        partitions.forEach(partition -> starts.put(partition, start));
        assign(starts);
    }

    /** Reads exactly these from now on; the position counts for those that are new. */
    synchronized void assign(Map<TopicPartition, Position> starts) {
        for (TopicPartition gone : List.copyOf(cursors.keySet())) {
            if (!starts.containsKey(gone)) {
                Cursor cursor = cursor(gone);
                detach(cursor);
                cursor.epoch++;
                cursors.remove(gone);
            }
        }
        dropStaleChunks();
        starts.forEach((partition, start) ->
                cursors.computeIfAbsent(partition, fresh -> new Cursor(fresh, start, schedule(), System.nanoTime())));
        wake();
    }

    synchronized Set<TopicPartition> assignment() {
        return Set.copyOf(cursors.keySet());
    }

    synchronized void seek(TopicPartition partition, Position position) {
        Cursor cursor = cursor(partition);
        detach(cursor);
        cursor.moveTo(position);
        dropStaleChunks();
        wake();
    }

    /** The chunks of a paused partition are dropped, so that they do not hold credit that others could use. */
    synchronized void pause(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Cursor cursor = cursor(partition);
            detach(cursor);
            cursor.paused = true;
            if (cursor.wanted == null) {
                cursor.epoch++;
                cursor.chunksBuffered = 0;
                cursor.fetchOffset = cursor.position;
            }
        }
        dropStaleChunks();
    }

    synchronized void resume(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> cursor(partition).paused = false);
        wake();
    }

    synchronized Set<TopicPartition> paused() {
        Set<TopicPartition> paused = new HashSet<>();
        cursors.values().stream().filter(cursor -> cursor.paused).forEach(cursor -> paused.add(cursor.partition));
        return paused;
    }

    /** Empty while the position is being looked up. */
    synchronized OptionalLong position(TopicPartition partition) {
        Cursor cursor = cursor(partition);
        if (cursor.error != null && cursor.wanted != null) {
            throw cursor.error;
        }
        return cursor.wanted == null ? OptionalLong.of(cursor.position) : OptionalLong.empty();
    }

    /** Of every partition whose position is not being looked up. */
    synchronized Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        cursors.forEach((partition, cursor) -> {
            if (cursor.wanted == null) {
                positions.put(partition, cursor.position);
            }
        });
        return positions;
    }

    synchronized OptionalLong highWatermark(TopicPartition partition) {
        return cursor(partition).highWatermark;
    }

    /** Whether everything committed in the partition is read, as its leader has said a moment ago. */
    synchronized boolean isReadToItsEnd(TopicPartition partition) {
        Cursor cursor = cursors.get(partition);
        return cursor != null
                && cursor.wanted == null
                && cursor.stream != null
                && System.nanoTime() - cursor.heardNanos
                        < settings.heartbeatInterval().toNanos() * HEARTBEATS_MISSED_MAX
                && cursor.highWatermark.isPresent()
                && cursor.position >= cursor.highWatermark.getAsLong();
    }

    ConsumerMetrics metrics() {
        return metrics;
    }

    @Override
    public synchronized long lagRecords() {
        return cursors.values().stream().mapToLong(Cursor::lag).sum();
    }

    @Override
    public synchronized long lagRecordsMax() {
        return cursors.values().stream().mapToLong(Cursor::lag).max().orElse(0);
    }

    @GuardedBy("this")
    private Cursor cursor(TopicPartition partition) {
        Cursor cursor = cursors.get(partition);
        if (cursor == null) {
            throw new IllegalArgumentException("partition " + partition + " is not assigned: " + cursors.keySet());
        }
        return cursor;
    }

    synchronized void close() {
        closed = true;
        metrics.closed();
        cursors.clear();
        buffered.clear();
        streams.values().forEach(BrokerStream::close);
        streams.clear();
        changed();
    }

    // ---- chunks out, on the user's thread

    /** The next chunk, if there is one. */
    synchronized Optional<BufferedChunk> takeChunk() {
        return Optional.ofNullable(buffered.pollFirst());
    }

    /** Says how far the user has come in a chunk; false if a seek or pause has made the chunk meaningless. */
    synchronized boolean advance(BufferedChunk chunk, long position) {
        if (!chunk.isCurrent()) {
            return false;
        }
        chunk.cursor().position = position;
        return true;
    }

    synchronized boolean isCurrent(BufferedChunk chunk) {
        return chunk.isCurrent();
    }

    /** The chunk is read or dropped: its bytes may be used for others. */
    synchronized void release(BufferedChunk chunk) {
        if (chunk.isCurrent()) {
            chunk.cursor().chunksBuffered--;
        }
        chunk.from().giveBack(chunk.sizeInBytes());
    }

    /** Bytes of a partition turned out to be unreadable. */
    synchronized void corrupt(BufferedChunk chunk, LogException failure) {
        if (chunk.isCurrent()) {
            Cursor cursor = chunk.cursor();
            detach(cursor);
            cursor.epoch++;
            cursor.chunksBuffered = 0;
            cursor.fetchOffset = cursor.position;
            cursor.error = failure;
            dropStaleChunks();
        }
    }

    /**
     * @throws LogException of a partition that failed and has nothing left to return
     */
    synchronized void throwFailures() {
        for (Cursor cursor : cursors.values()) {
            if (cursor.error != null && cursor.chunksBuffered == 0 && !cursor.paused) {
                throw cursor.error;
            }
        }
    }

    /** Counts what a waiting user would want to see: chunks, failures, positions found, wake-ups. */
    synchronized long changes() {
        return changes;
    }

    /** Waits until something happened since {@link #changes} said {@code seen}, at most {@code nanos}. */
    synchronized void awaitChange(long seen, long nanos) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + nanos;
        long left = nanos;
        while (changes == seen && !closed && left > 0) {
            wait(left / NANOS_PER_MILLI + 1);
            left = deadlineNanos - System.nanoTime();
        }
    }

    synchronized void wakeup() {
        woken = true;
        changed();
    }

    synchronized void nudge() {
        nudged = true;
        changed();
    }

    /** Whether there was a nudge; it is used up by asking. */
    synchronized boolean takeNudge() {
        boolean was = nudged;
        nudged = false;
        return was;
    }

    /** Whether there was a wake-up; it is used up by asking. */
    synchronized boolean takeWakeup() {
        boolean was = woken;
        woken = false;
        return was;
    }

    @GuardedBy("this")
    private void changed() {
        changes++;
        notifyAll();
    }

    @GuardedBy("this")
    private void dropStaleChunks() {
        Iterator<BufferedChunk> chunks = buffered.iterator();
        while (chunks.hasNext()) {
            BufferedChunk chunk = chunks.next();
            if (!chunk.isCurrent()) {
                chunks.remove();
                chunk.from().giveBack(chunk.sizeInBytes());
            }
        }
    }

    // ---- closing the gap, on the loop

    void wake() {
        if (reconcilePending.compareAndSet(false, true)) {
            loop.execute(() -> {
                reconcilePending.set(false);
                reconcile();
            });
        }
    }

    private void tick() {
        reconcile();
        if (!loop.isClosed()) {
            loop.schedule(this::tick, settings.heartbeatInterval().toNanos());
        }
    }

    private synchronized void reconcile() {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        leaveSilentBrokers(now);
        lookUpPositions(now);
        for (Cursor cursor : List.copyOf(cursors.values())) {
            if (cursor.wantsStream() && now - cursor.retryAtNanos >= 0) {
                attach(cursor, now);
            }
        }
        closeIdleStreams();
    }

    @GuardedBy("this")
    private void leaveSilentBrokers(long now) {
        long silenceMax = Math.max(
                settings.heartbeatInterval().toNanos() * HEARTBEATS_MISSED_MAX,
                client.leaderCheckInterval().toNanos());
        for (BrokerStream stream : List.copyOf(streams.values())) {
            // Without credit the broker may be waiting for us.
            boolean owes = !stream.opened || stream.credit.hasCredit();
            if (owes && now - stream.heardNanos > silenceMax) {
                LOG.info("broker went silent broker={}", stream.broker);
                stream.close();
                channels.renew(stream.broker);
                lost(stream, Failure.of(ErrorCode.TIMEOUT, "broker " + stream.broker + " went silent"));
            }
        }
    }

    @GuardedBy("this")
    private void lookUpPositions(long now) {
        List<Cursor> open = new ArrayList<>();
        for (Cursor cursor : cursors.values()) {
            if (cursor.wanted != null && !cursor.lookingUp && cursor.error == null && now - cursor.retryAtNanos >= 0) {
                open.add(cursor);
            }
        }
        if (!open.isEmpty()) {
            lookUp(open);
        }
    }

    @GuardedBy("this")
    private void lookUp(List<Cursor> open) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        Map<Cursor, Long> epochs = new HashMap<>();
        for (Cursor cursor : open) {
            Position wanted = cursor.wanted;
            if (wanted != null) {
                cursor.lookingUp = true;
                positions.put(cursor.partition, wanted);
                epochs.put(cursor, cursor.epoch);
            }
        }
        loop.after(offsets.find(positions, client.requestTimeout()), (found, thrown) -> {
            if (found != null) {
                lookedUp(epochs, found);
            } else if (thrown != null) {
                lookUpFailed(epochs, thrown);
            }
            reconcile();
        });
    }

    private synchronized void lookedUp(Map<Cursor, Long> epochs, Map<TopicPartition, Long> found) {
        epochs.forEach((cursor, epoch) -> {
            Long offset = found.get(cursor.partition);
            if (cursor.epoch == epoch && offset != null) {
                cursor.moveTo(Position.offset(offset));
            }
        });
        changed();
    }

    private synchronized void lookUpFailed(Map<Cursor, Long> epochs, Throwable thrown) {
        List<Cursor> concerned = new ArrayList<>();
        epochs.forEach((cursor, epoch) -> {
            if (cursor.epoch == epoch) {
                concerned.add(cursor);
            }
        });
        boolean isFinal =
                thrown instanceof LogException failure && !failure.code().retriable();
        if (isFinal && concerned.size() > 1) {
            // One of them is at fault: ask for each alone.
            concerned.forEach(cursor -> lookUp(List.of(cursor)));
            return;
        }
        for (Cursor cursor : concerned) {
            cursor.lookingUp = false;
            if (isFinal && thrown instanceof LogException failure) {
                cursor.error = failure;
                changed();
            } else {
                retryLater(cursor, false);
            }
        }
    }

    @GuardedBy("this")
    private void attach(Cursor cursor, long now) {
        Optional<BrokerAddress> leader = metadata.leader(cursor.partition);
        if (leader.isEmpty()) {
            findLeader(cursor);
            return;
        }
        BrokerStream stream = streams.get(leader.get());
        if (stream == null) {
            stream = open(leader.get(), now);
        }
        if (stream == null) {
            retryLater(cursor, false);
            return;
        }
        cursor.stream = stream;
        cursor.assignmentId = ++lastAssignmentId;
        if (stream.opened && stream.stream != null) {
            stream.stream.assign(cursor.partition, cursor.fetchOffset, cursor.assignmentId);
        }
    }

    @GuardedBy("this")
    private @Nullable BrokerStream open(BrokerAddress broker, long now) {
        BrokerStream opening = new BrokerStream(broker, new CreditAccount(settings.prefetchBytes()), now);
        try {
            opening.stream = ReadStream.open(channels, broker, settings, new Events(opening));
        } catch (LogException clientClosed) {
            return null;
        }
        streams.put(broker, opening);
        return opening;
    }

    @GuardedBy("this")
    private void findLeader(Cursor cursor) {
        long epoch = cursor.epoch;
        retryLater(cursor, false);
        String topic = cursor.partition.topic();
        loop.after(metadata.refresh(topic), (view, thrown) -> {
            if (thrown instanceof LogException failure && failure.code() == ErrorCode.UNKNOWN_TOPIC) {
                denied(cursor, epoch, failure);
            } else if (thrown == null && metadata.leader(cursor.partition).isPresent()) {
                retryNow(cursor);
            }
        });
    }

    private synchronized void denied(Cursor cursor, long epoch, LogException failure) {
        if (cursor.epoch != epoch) {
            return;
        }
        long now = System.nanoTime();
        if (cursor.unknownSinceNanos == null) {
            cursor.unknownSinceNanos = now;
        }
        if (now - cursor.unknownSinceNanos >= client.topicGrace().toNanos()) {
            cursor.error = failure;
            changed();
        }
    }

    private synchronized void retryNow(Cursor cursor) {
        cursor.retryAtNanos = System.nanoTime();
        reconcile();
    }

    @GuardedBy("this")
    private void retryLater(Cursor cursor, boolean leaderNamed) {
        long delay = cursor.retries.nextDelayNanos(leaderNamed);
        cursor.retryAtNanos = System.nanoTime() + delay;
        loop.schedule(this::reconcile, delay);
    }

    @GuardedBy("this")
    private void detach(Cursor cursor) {
        BrokerStream stream = cursor.stream;
        cursor.stream = null;
        if (stream != null && stream.opened && !stream.closed && stream.stream != null) {
            stream.stream.unassign(cursor.partition);
        }
    }

    @GuardedBy("this")
    private void closeIdleStreams() {
        Iterator<BrokerStream> open = streams.values().iterator();
        while (open.hasNext()) {
            BrokerStream stream = open.next();
            if (cursors.values().stream().noneMatch(cursor -> cursor.stream == stream)) {
                open.remove();
                stream.close();
            }
        }
    }

    @GuardedBy("this")
    private void lost(BrokerStream stream, Failure failure) {
        stream.closed = true;
        streams.remove(stream.broker, stream);
        for (Cursor cursor : cursors.values()) {
            if (cursor.stream == stream) {
                cursor.stream = null;
                brokerFailed(cursor, stream.broker, failure);
            }
        }
    }

    @GuardedBy("this")
    private void brokerFailed(Cursor cursor, BrokerAddress broker, Failure failure) {
        if (failure.code() == ErrorCode.INVALID_REQUEST || failure.code() == ErrorCode.UNSUPPORTED_VERSION) {
            cursor.error = failure.cause();
            changed();
            return;
        }
        metadata.leaderFailed(cursor.partition, broker, failure);
        retryLater(cursor, failure.leaderOtherThan(broker).isPresent());
    }

    @GuardedBy("this")
    private void outOfRange(Cursor cursor, LogException failure) {
        if (!(failure instanceof OffsetOutOfRange range)) {
            cursor.error = failure;
            changed();
            return;
        }
        switch (settings.outOfRange()) {
            case FAIL -> {
                cursor.error = new OffsetOutOfRange(
                        cursor.partition + ": " + range.getMessage() + "; seek elsewhere, or set outOfRange",
                        range.offset(),
                        range.logStartOffset(),
                        range.highWatermark());
                changed();
            }
            case EARLIEST -> jump(cursor, range, range.logStartOffset());
            case LATEST -> jump(cursor, range, range.highWatermark());
        }
    }

    @GuardedBy("this")
    private void jump(Cursor cursor, OffsetOutOfRange range, long target) {
        LOG.warn(
                "offset out of range, going on elsewhere partition={} offset={} logStartOffset={} highWatermark={} "
                        + "target={}",
                cursor.partition,
                range.offset(),
                range.logStartOffset(),
                range.highWatermark(),
                target);
        cursor.fetchOffset = target;
        if (cursor.chunksBuffered == 0) {
            cursor.position = target;
        }
        retryLater(cursor, true);
    }

    private RetrySchedule schedule() {
        return new RetrySchedule(client.retryBackoffMin(), client.retryBackoffMax(), new SplittableRandom());
    }

    // ---- what brokers say

    /** Hands over to the loop, in the order of the stream. */
    private final class Events implements ReadStream.Listener {
        private final BrokerStream stream;

        Events(BrokerStream stream) {
            this.stream = stream;
        }

        @Override
        public void opened() {
            loop.execute(() -> onOpened(stream));
        }

        @Override
        public void chunk(RecordChunk chunk) {
            loop.execute(() -> onChunk(stream, chunk));
        }

        @Override
        public void heartbeat(ReadHeartbeat heartbeat) {
            loop.execute(() -> onHeartbeat(stream, heartbeat));
        }

        @Override
        public void ended(TopicPartition partition, long assignmentId, Failure failure) {
            loop.execute(() -> onEnded(stream, partition, assignmentId, failure));
        }

        @Override
        public void goAway(GoAway goAway) {
            loop.execute(() -> {
                LOG.debug("told to go away broker={} reason={}", stream.broker, goAway.getReason());
                onClosed(stream, Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, goAway.getMessage()));
            });
        }

        @Override
        public void closed(Failure failure) {
            loop.execute(() -> onClosed(stream, failure));
        }
    }

    private synchronized void onOpened(BrokerStream stream) {
        ReadStream requests = stream.stream;
        if (stream.closed || requests == null) {
            return;
        }
        stream.opened = true;
        stream.heardNanos = System.nanoTime();
        LOG.debug("read stream opened broker={}", stream.broker);
        stream.grantIfDue();
        for (Cursor cursor : cursors.values()) {
            if (cursor.stream == stream) {
                requests.assign(cursor.partition, cursor.fetchOffset, cursor.assignmentId);
            }
        }
    }

    private synchronized void onChunk(BrokerStream stream, RecordChunk chunk) {
        stream.heardNanos = System.nanoTime();
        int bytes = chunk.getBatches().size();
        stream.credit.received(bytes);
        metrics.received(bytes);
        Cursor cursor = cursors.get(WirePartition.fromProto(chunk.getPartition()));
        if (stream.closed || cursor == null || !isFor(cursor, stream, chunk.getAssignmentId())) {
            stream.giveBack(bytes);
            return;
        }
        cursor.heardOf(chunk.getHighWatermark(), stream.heardNanos);
        if (chunk.getNextOffset() <= cursor.fetchOffset) {
            stream.giveBack(bytes);
            return;
        }
        BufferedChunk arrived = new BufferedChunk(
                cursor,
                cursor.epoch,
                chunk.getBatches().asReadOnlyByteBuffer(),
                cursor.fetchOffset,
                chunk.getNextOffset(),
                cursor.returnFrom,
                stream);
        cursor.fetchOffset = chunk.getNextOffset();
        cursor.chunksBuffered++;
        buffered.add(arrived);
        changed();
    }

    private synchronized void onHeartbeat(BrokerStream stream, ReadHeartbeat heartbeat) {
        stream.heardNanos = System.nanoTime();
        for (PartitionPosition position : heartbeat.getPositionsList()) {
            Cursor cursor = cursors.get(WirePartition.fromProto(position.getPartition()));
            if (cursor != null && cursor.stream == stream) {
                cursor.heardOf(position.getHighWatermark(), stream.heardNanos);
            }
        }
    }

    private synchronized void onEnded(
            BrokerStream stream, TopicPartition partition, long assignmentId, Failure failure) {
        stream.heardNanos = System.nanoTime();
        Cursor cursor = cursors.get(partition);
        if (cursor == null || !isFor(cursor, stream, assignmentId)) {
            return;
        }
        cursor.stream = null;
        LOG.debug("partition left its stream partition={} cause={}", partition, failure.code());
        if (failure.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
            outOfRange(cursor, failure.cause());
        } else if (failure.code() == ErrorCode.UNKNOWN_TOPIC || failure.code() == ErrorCode.UNKNOWN_PARTITION) {
            denied(cursor, cursor.epoch, failure.cause());
            brokerFailed(cursor, stream.broker, failure);
        } else if (failure.code().retriable() || failure.code() == ErrorCode.INTERNAL) {
            brokerFailed(cursor, stream.broker, failure);
        } else {
            cursor.error = failure.cause();
            changed();
        }
        reconcile();
    }

    private synchronized void onClosed(BrokerStream stream, Failure failure) {
        if (!stream.closed) {
            LOG.debug(
                    "read stream lost broker={} cause={}",
                    stream.broker,
                    failure.cause().getMessage());
            stream.close();
            lost(stream, failure);
            reconcile();
        }
    }

    private static boolean isFor(Cursor cursor, BrokerStream stream, long assignmentId) {
        return cursor.stream == stream && cursor.assignmentId == assignmentId;
    }
}
