package io.flotilla.client.producer;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.intercept.SendInterceptors;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.metadata.TopicView;
import io.flotilla.client.parts.ValueCutter;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.record.RecordHeader;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer's outside: checks and places records on the caller's thread, and starts and stops the sender thread.
 *
 * <p>Threading: safe.
 */
public final class FlotillaProducer implements Producer {
    private static final Logger LOG = LoggerFactory.getLogger(FlotillaProducer.class);

    /** Topic setting that bounds a batch, and what holds where a topic does not set it. */
    private static final String BATCH_BYTES_MAX_CONFIG = "max.message.bytes";

    private static final int BATCH_BYTES_MAX_DEFAULT = 1_048_588;
    private static final int BATCH_BYTES_MAX_LEAST = 1 << 10;

    /** Below this a value is not sent in parts: it would be more headers than value. */
    private static final int PART_BYTES_MIN = 512;

    private static final Duration LOOP_END_TIMEOUT = Duration.ofSeconds(5);

    private final ProducerSettings settings;
    private final MetadataCache metadata;
    private final Clock clock;
    private final Runnable onClosed;
    private final SendInterceptors interceptors;
    private final BufferBudget budget;
    private final BatchAccount account;
    private final Partitioner partitioner;
    private final EventLoop loop;
    private final PartitionSender.Surroundings surroundings;
    private final ConcurrentHashMap<TopicPartition, PartitionSender> senders = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param onClosed called once when the producer is closed
     */
    public FlotillaProducer(
            ClientSettings client,
            ProducerSettings settings,
            Channels channels,
            BrokerCalls calls,
            MetadataCache metadata,
            Clock clock,
            Runnable onClosed) {
        this.settings = settings;
        this.metadata = metadata;
        this.clock = clock;
        this.onClosed = onClosed;
        this.interceptors = new SendInterceptors(settings.interceptors());
        this.budget = new BufferBudget(settings.bufferBytes());
        this.account = new BatchAccount(budget, client.metrics());
        this.partitioner = new Partitioner(settings.batchBytes(), RandomGenerator.getDefault());
        this.loop = new EventLoop("flotilla-producer");
        this.surroundings = new PartitionSender.Surroundings(
                client,
                settings,
                channels,
                metadata,
                new IdentitySource(calls, client.requestTimeout()),
                loop,
                account);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
        return interceptors.send(record, this::place);
    }

    private CompletableFuture<RecordMetadata> place(ProducerRecord record) {
        long startNanos = System.nanoTime();
        try {
            int size = Accumulator.sizeOf(record);
            TopicView topic = topicOf(record, startNanos);
            int partition = partitioner.partitionOf(record, topic, size);
            PartitionSender sender = senderOf(new TopicPartition(record.topic(), partition), topic);
            return isInParts(record, size, sender)
                    ? addParts(sender, record, partition, startNanos)
                    : addWhole(sender, record, size, startNanos);
        } catch (LogException refused) {
            return failed(Outcome.NOT_APPENDED.error(
                    refused.code(), "topic " + record.topic() + ": " + refused.getMessage(), refused));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return failed(Outcome.NOT_APPENDED.error(
                    ErrorCode.TIMEOUT, "the thread was interrupted while it waited to send"));
        }
    }

    private CompletableFuture<RecordMetadata> failed(LogException failure) {
        account.metrics().failed(1);
        return CompletableFuture.failedFuture(failure);
    }

    private CompletableFuture<RecordMetadata> addWhole(
            PartitionSender sender, ProducerRecord record, int size, long startNanos) throws InterruptedException {
        takeRoom(size, record, startNanos);
        return add(sender, record, size);
    }

    private boolean isInParts(ProducerRecord record, int size, PartitionSender sender) {
        byte[] value = record.value();
        return value != null
                && value.length <= settings.largeValueBytesMax()
                && value.length > 0
                && size + RecordBatch.HEADER_BYTES > sender.accumulator().messageBytesMax();
    }

    /** Parts are added as there is room for them, so a value may be larger than the buffer. */
    private CompletableFuture<RecordMetadata> addParts(
            PartitionSender sender, ProducerRecord record, int partition, long startNanos) throws InterruptedException {
        byte[] value = Objects.requireNonNull(record.value());
        List<RecordHeader> headers = new ArrayList<>(record.headers());
        headers.add(ValueCutter.exampleHeader());
        int around = Accumulator.sizeOf(
                        ProducerRecord.of(record.topic(), record.key(), null).withHeaders(headers))
                + RecordBatch.HEADER_BYTES;
        int partBytes = sender.accumulator().messageBytesMax() - around;
        if (partBytes < PART_BYTES_MIN) {
            throw Outcome.NOT_APPENDED.error(
                    ErrorCode.RECORD_TOO_LARGE,
                    "key and headers leave no room for parts of the value: they take " + around
                            + " bytes of the topic's " + BATCH_BYTES_MAX_CONFIG + " "
                            + sender.accumulator().messageBytesMax());
        }
        ValueCutter parts = new ValueCutter(
                record,
                partition,
                record.timestampMillis().orElseGet(clock::millis),
                value,
                partBytes,
                UUID.randomUUID());
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        while (parts.hasNext()) {
            ProducerRecord part = parts.next();
            sent.add(addWhole(sender, part, Accumulator.sizeOf(part), startNanos));
        }
        return WholeValue.of(sent);
    }

    private CompletableFuture<RecordMetadata> add(PartitionSender sender, ProducerRecord record, int size) {
        try {
            Accumulator.Added added = sender.accumulator()
                    .add(record, record.timestampMillis().orElseGet(clock::millis), size, System.nanoTime());
            if (added.wakeSender()) {
                sender.wake();
            }
            return added.future();
        } catch (LogException | IllegalStateException refused) {
            budget.giveBack(size);
            throw refused;
        }
    }

    private TopicView topicOf(ProducerRecord record, long startNanos) throws InterruptedException {
        String name = record.topic();
        TopicView known = metadata.topic(name).orElse(null);
        boolean grewPerhaps = known != null && record.partition().orElse(0) >= known.partitionCount();
        if (known != null && !grewPerhaps) {
            metadata.refreshIfOld(name, startNanos);
            return known;
        }
        Duration left = Duration.ofNanos(blockNanosLeft(startNanos));
        try {
            return grewPerhaps
                    ? metadata.refresh(name).get(left.toNanos(), TimeUnit.NANOSECONDS)
                    : metadata.lookUp(name, left).get();
        } catch (TimeoutException late) {
            throw Outcome.NOT_APPENDED.error(
                    ErrorCode.TIMEOUT,
                    "no broker told within blockTimeout, "
                            + settings.blockTimeout().toMillis()
                            + " ms, whether there is a partition "
                            + record.partition().orElse(0));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof LogException failure) {
                throw failure;
            }
            throw new IllegalStateException("the look-up of topic " + name + " failed", failed.getCause());
        }
    }

    private void takeRoom(int size, ProducerRecord record, long startNanos) throws InterruptedException {
        if (size > budget.bytesMax()) {
            throw Outcome.NOT_APPENDED.error(
                    ErrorCode.RECORD_TOO_LARGE,
                    "a record of about " + size + " bytes is larger than the whole buffer, bufferBytes "
                            + budget.bytesMax());
        }
        if (budget.tryTake(size)) {
            return;
        }
        flushAccumulators(); // what lingers would otherwise hold the room it takes
        if (!budget.take(size, blockNanosLeft(startNanos))) {
            throw Outcome.NOT_APPENDED.error(
                    ErrorCode.TIMEOUT,
                    "no room for a record of topic " + record.topic() + " within blockTimeout, "
                            + settings.blockTimeout().toMillis() + " ms: " + budget.bytesTaken() + " of bufferBytes "
                            + budget.bytesMax() + " wait for acknowledgement, brokers are slower than the application");
        }
    }

    private long blockNanosLeft(long startNanos) {
        return Math.max(0, settings.blockTimeout().toNanos() - (System.nanoTime() - startNanos));
    }

    private PartitionSender senderOf(TopicPartition partition, TopicView topic) {
        PartitionSender known = senders.get(partition);
        return known != null ? known : begin(partition, topic);
    }

    private synchronized PartitionSender begin(TopicPartition partition, TopicView topic) {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
        return senders.computeIfAbsent(
                partition,
                absent -> new PartitionSender(
                        partition, new Accumulator(settings, batchBytesMax(topic), account::begun), surroundings));
    }

    private static int batchBytesMax(TopicView topic) {
        String configured = topic.config().get(BATCH_BYTES_MAX_CONFIG);
        try {
            int bytes = configured == null ? BATCH_BYTES_MAX_DEFAULT : Integer.parseInt(configured.trim());
            return Math.max(bytes, BATCH_BYTES_MAX_LEAST);
        } catch (NumberFormatException newerBroker) {
            return BATCH_BYTES_MAX_DEFAULT;
        }
    }

    @Override
    public void flush() {
        try {
            flushed().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the flush was interrupted");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("batches settle normally", impossible.getCause());
        }
    }

    private CompletableFuture<Void> flushed() {
        flushAccumulators();
        return CompletableFuture.allOf(
                account.unsettled().stream().map(PendingBatch::settled).toArray(CompletableFuture<?>[]::new));
    }

    private void flushAccumulators() {
        for (PartitionSender sender : senders.values()) {
            sender.accumulator().flush();
            sender.wake();
        }
    }

    @Override
    public void close() {
        close(settings.deliveryTimeout());
    }

    @Override
    public void close(Duration timeout) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<PartitionSender> all = List.copyOf(senders.values());
        all.forEach(sender -> sender.accumulator().close());
        boolean interrupted = awaitFlush(timeout);
        loop.execute(() -> all.forEach(PartitionSender::abandon));
        loop.close();
        interrupted |= awaitLoop();
        account.metrics().closed();
        onClosed.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the thread was interrupted. */
    private boolean awaitFlush(Duration timeout) {
        try {
            flushed().get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException over) {
            LOG.warn(
                    "producer closed before all was acknowledged batchesLeft={}",
                    account.unsettled().size());
        } catch (InterruptedException hurry) {
            return true;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("batches settle normally", impossible.getCause());
        }
        return false;
    }

    private boolean awaitLoop() {
        try {
            if (!loop.awaitEnd(LOOP_END_TIMEOUT.toNanos())) {
                LOG.warn("sender thread is still busy, probably in a callback of the application");
            }
        } catch (InterruptedException hurry) {
            return true;
        }
        return false;
    }
}
