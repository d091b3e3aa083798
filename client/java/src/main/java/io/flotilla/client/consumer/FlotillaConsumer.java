package io.flotilla.client.consumer;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.InterceptorException;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import io.flotilla.client.intercept.ReadInterceptors;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.metadata.OffsetFinder;
import io.flotilla.client.metrics.ConsumerMetrics;
import io.flotilla.client.parts.PartAssembler;
import io.flotilla.client.transport.Answers;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer's outside: keeps strange threads out, and decodes on the user's thread what the {@link Fetcher} buffered.
 *
 * <p>Threading: as {@link Consumer} says; the reader is confined to whatever thread is inside.
 */
public final class FlotillaConsumer implements Consumer {
    private static final Logger LOG = LoggerFactory.getLogger(FlotillaConsumer.class);

    private final ClientSettings client;
    private final ConsumerSettings settings;
    private final OffsetFinder offsets;
    private final ReadInterceptors interceptors;
    private final Runnable onClosed;
    private final EventLoop loop;
    private final Fetcher fetcher;
    private final PollClock clock;
    private final PartAssembler parts;
    private final OneThread thread = new OneThread("the consumer");
    private volatile boolean closed;
    private @Nullable OpenChunk open;

    /** A chunk of which the user has seen a part. */
    private record OpenChunk(BufferedChunk chunk, ChunkReader reader) {}

    /**
     * @param group    whose member it reads for, for metrics; empty for none
     * @param onClosed called once when the consumer is closed
     */
    public FlotillaConsumer(
            ClientSettings client,
            ConsumerSettings settings,
            Channels channels,
            MetadataCache metadata,
            OffsetFinder offsets,
            String group,
            Runnable onClosed) {
        this.client = client;
        this.settings = settings;
        this.offsets = offsets;
        this.interceptors = new ReadInterceptors(settings.interceptors());
        this.onClosed = onClosed;
        this.loop = new EventLoop("flotilla-consumer");
        this.fetcher = new Fetcher(client, settings, channels, metadata, offsets, loop, group);
        this.parts = new PartAssembler(
                settings.largeValueBytesMax(), settings.largeValueTimeout().toNanos(), this::leftOut);
        this.clock = new PollClock(fetcher.metrics());
    }

    private void leftOut(TopicPartition partition, long offset, String why) {
        LOG.warn("left out a value that is not complete partition={} offset={} cause={}", partition, offset, why);
        fetcher.metrics().valueLeftOut();
    }

    @Override
    public void assign(Collection<TopicPartition> partitions, Position start) {
        alone(() -> {
            fetcher.assign(partitions, start);
            parts.retain(Set.copyOf(partitions));
            return null;
        });
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        assign(partitions, Position.beginning());
    }

    /**
     * {@link #assign(Collection, Position)} with a position of its own for each partition, which counts only for those that
     * are new.
     */
    public void assign(Map<TopicPartition, Position> starts) {
        alone(() -> {
            fetcher.assign(starts);
            parts.retain(starts.keySet());
            return null;
        });
    }

    @Override
    public Set<TopicPartition> assignment() {
        return alone(fetcher::assignment);
    }

    @Override
    public void seek(TopicPartition partition, Position position) {
        alone(() -> {
            fetcher.seek(partition, position);
            if (!(position instanceof Position.AtRecord)) {
                parts.forget(partition);
            }
            return null;
        });
    }

    @Override
    public List<ConsumerRecord> poll(Duration timeout) {
        return alone(() -> {
            clock.begin();
            try {
                return read(timeout);
            } finally {
                clock.end();
            }
        });
    }

    /** {@link #poll} as a part of somebody else's. */
    public List<ConsumerRecord> read(Duration timeout) {
        return alone(() -> {
            List<ConsumerRecord> records = pollUntil(System.nanoTime() + timeout.toNanos());
            fetcher.metrics().returned(records.size());
            return intercepted(records);
        });
    }

    /** Hears of what it does. */
    public ConsumerMetrics metrics() {
        return fetcher.metrics();
    }

    private List<ConsumerRecord> intercepted(List<ConsumerRecord> records) {
        try {
            return interceptors.onRecords(records);
        } catch (InterceptorException failure) {
            moveBackTo(records);
            throw failure;
        }
    }

    /** The next poll returns these again. */
    private void moveBackTo(List<ConsumerRecord> records) {
        Map<TopicPartition, ConsumerRecord> firsts = new HashMap<>();
        records.forEach(record -> firsts.putIfAbsent(record.partition(), record));
        // Of several values that lie between each other, the first to end need not be the first to begin.
        Map<TopicPartition, Long> starts = new HashMap<>();
        records.forEach(record -> starts.merge(record.partition(), record.startOffset(), Math::min));
        firsts.forEach((partition, first) ->
                fetcher.seek(partition, new Position.AtRecord(starts.getOrDefault(partition, 0L), first.offset())));
    }

    private List<ConsumerRecord> pollUntil(long deadlineNanos) {
        while (true) {
            long seen = fetcher.changes();
            if (fetcher.takeWakeup()) {
                throw new WakeupException();
            }
            boolean nudged = fetcher.takeNudge();
            List<ConsumerRecord> records = drain();
            parts.expire(System.nanoTime(), fetcher::isReadToItsEnd);
            if (nudged || !records.isEmpty()) {
                return records;
            }
            fetcher.throwFailures();
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0 || closed) {
                return records;
            }
            awaitChange(seen, left);
        }
    }

    private void awaitChange(long seen, long nanos) {
        try {
            fetcher.awaitChange(seen, nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the consumer's thread was interrupted");
        }
    }

    /** Decodes what is buffered, up to the most records of one poll. */
    private List<ConsumerRecord> drain() {
        List<ConsumerRecord> records = new ArrayList<>();
        while (records.size() < settings.pollRecordsMax()) {
            OpenChunk current = open != null ? open : openNext();
            if (current == null) {
                break;
            }
            if (!read(current, records)) {
                break;
            }
        }
        return records;
    }

    private @Nullable OpenChunk openNext() {
        BufferedChunk chunk = fetcher.takeChunk().orElse(null);
        if (chunk != null) {
            open = new OpenChunk(
                    chunk,
                    new ChunkReader(
                            chunk.cursor().partition,
                            chunk.batches(),
                            chunk.startOffset(),
                            chunk.endOffset(),
                            chunk.returnFrom(),
                            settings.checkCrc(),
                            parts));
        }
        return open;
    }

    /** Returns whether to go on with the next chunk. */
    private boolean read(OpenChunk current, List<ConsumerRecord> records) {
        if (!fetcher.isCurrent(current.chunk())) {
            close(current);
            return true;
        }
        try {
            boolean done = current.reader().readInto(records, settings.pollRecordsMax());
            fetcher.advance(current.chunk(), current.reader().position());
            if (done) {
                close(current);
            }
            return done;
        } catch (LogException corrupt) {
            fetcher.advance(current.chunk(), current.reader().position());
            fetcher.corrupt(
                    current.chunk(),
                    new Refused(
                            corrupt.code(),
                            current.chunk().cursor().partition + " at offset "
                                    + current.reader().position() + ": " + corrupt.getMessage(),
                            corrupt.details(),
                            corrupt));
            close(current);
            return false;
        }
    }

    private void close(OpenChunk done) {
        open = null;
        fetcher.release(done.chunk());
    }

    @Override
    public long position(TopicPartition partition) {
        return alone(() -> {
            long deadlineNanos = System.nanoTime() + client.requestTimeout().toNanos();
            fetcher.wake();
            long seen = fetcher.changes();
            OptionalLong position = fetcher.position(partition);
            while (position.isEmpty()) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    throw new Refused(
                            ErrorCode.TIMEOUT,
                            "the position of " + partition + " was not found within "
                                    + client.requestTimeout().toMillis() + " ms");
                }
                awaitChange(seen, left);
                seen = fetcher.changes();
                position = fetcher.position(partition);
            }
            return inFrontOfParts(partition, position.getAsLong());
        });
    }

    /** The positions that are known by now; waits for none. */
    public Map<TopicPartition, Long> positions() {
        return alone(() -> {
            Map<TopicPartition, Long> positions = fetcher.positions();
            positions.replaceAll(this::inFrontOfParts);
            return positions;
        });
    }

    /** Whoever begins there misses nothing of values that are not complete. */
    private long inFrontOfParts(TopicPartition partition, long position) {
        return Math.min(position, parts.firstOffset(partition).orElse(position));
    }

    @Override
    public OptionalLong highWatermark(TopicPartition partition) {
        return alone(() -> fetcher.highWatermark(partition));
    }

    @Override
    public OptionalLong lag(TopicPartition partition) {
        return alone(() -> {
            OptionalLong position = fetcher.position(partition);
            OptionalLong highWatermark = fetcher.highWatermark(partition);
            return position.isPresent() && highWatermark.isPresent()
                    ? OptionalLong.of(Math.max(0, highWatermark.getAsLong() - position.getAsLong()))
                    : OptionalLong.empty();
        });
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        alone(() -> {
            fetcher.pause(partitions);
            return null;
        });
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        alone(() -> {
            fetcher.resume(partitions);
            return null;
        });
    }

    @Override
    public Set<TopicPartition> paused() {
        return alone(fetcher::paused);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return alone(() -> find(partitions, Position.end()));
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return alone(() -> find(partitions, Position.beginning()));
    }

    private Map<TopicPartition, Long> find(Collection<TopicPartition> partitions, Position position) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        partitions.forEach(partition -> positions.put(partition, position));
        return Answers.await(offsets.find(positions, client.requestTimeout()));
    }

    @Override
    public void wakeup() {
        fetcher.wakeup();
    }

    /** Lets a poll that waits now, or else the next one, return at once. Any thread may call it. */
    public void nudge() {
        fetcher.nudge();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        alone(() -> {
            closed = true;
            fetcher.close();
            loop.close();
            onClosed.run();
            return null;
        });
    }

    /** Closes from the thread that closes the client, whoever is inside. */
    public void abandon() {
        closed = true;
        fetcher.close();
        loop.close();
    }

    private <T extends @Nullable Object> T alone(Supplier<T> action) {
        return thread.alone(() -> {
            if (closed) {
                throw new IllegalStateException("the consumer is closed");
            }
            return action.get();
        });
    }
}
