package io.flotilla.client.producer;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.transport.AppendStream;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.LeaderHint;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.AppendAck;
import io.flotilla.protocol.v1.GoAway;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one partition's batches to its leader, whoever that is. Whatever happens, an answer, a lost stream, a timer, ends
 * in {@link #pump}, which does all that can be done now and sets the timer for what comes next.
 *
 * <p>Threading: confined to the producer's sender thread, except {@link #wake}.
 */
final class PartitionSender {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionSender.class);

    private final TopicPartition partition;
    private final Accumulator accumulator;
    private final Surroundings around;
    private final Outbox outbox;
    private final InFlightWindow<PendingBatch> window;
    private final RetrySchedule retries;
    private final AtomicBoolean wakePending = new AtomicBoolean();

    private @Nullable AppendStream stream;
    private boolean streamOpened;
    private long streamGeneration;
    /** Since when the broker owes an answer, while it does. */
    private long owedSinceNanos;

    private long leaderCheckedNanos;
    /** Before this nothing is opened or sent, after a failure. */
    private long pausedUntilNanos;

    private boolean lookingForLeader;
    private boolean waitingForIdentity;
    private boolean hadIdentity;
    /** Since when brokers have denied that the topic exists. */
    private @Nullable Long unknownSinceNanos;

    private EventLoop.@Nullable Timer timer;
    private long timerAtNanos;
    private boolean closed;

    /**
     * What the senders of one producer share.
     *
     * @param loop    the sender thread
     * @param events  hears of batches sent and settled
     */
    record Surroundings(
            ClientSettings client,
            ProducerSettings settings,
            Channels channels,
            MetadataCache metadata,
            IdentitySource identities,
            EventLoop loop,
            BatchEvents events) {}

    PartitionSender(TopicPartition partition, Accumulator accumulator, Surroundings around) {
        this.partition = partition;
        this.accumulator = accumulator;
        this.around = around;
        this.outbox = new Outbox(partition, accumulator, around.settings(), around.events());
        this.window = outbox.window();
        this.retries = new RetrySchedule(
                around.client().retryBackoffMin(), around.client().retryBackoffMax(), new SplittableRandom());
        this.pausedUntilNanos = System.nanoTime();
    }

    Accumulator accumulator() {
        return accumulator;
    }

    /** Lets the sender look at its accumulator soon. Any thread may call it. */
    void wake() {
        if (wakePending.compareAndSet(false, true)) {
            around.loop().execute(() -> {
                wakePending.set(false);
                pump();
            });
        }
    }

    /** Fails everything that is left. */
    void abandon() {
        closed = true;
        leaveStream();
        cancelTimer();
        accumulator.close();
        outbox.failAll(
                new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "the producer was closed before its acknowledgement"));
    }

    private void pump() {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        outbox.expire(now, this::leaderName);
        outbox.fill(now);
        if (outbox.lacksIdentity(now)) {
            requestIdentity(now);
        }
        if (stream == null && !window.isEmpty() && now - pausedUntilNanos >= 0) {
            connect();
        }
        send(now);
        watchLeader(now);
        setTimer(now);
    }

    private String leaderName() {
        return around.metadata().leader(partition).map(BrokerAddress::toString).orElse("none");
    }

    private void requestIdentity(long now) {
        if (waitingForIdentity || now - pausedUntilNanos < 0) {
            return;
        }
        waitingForIdentity = true;
        var identity =
                hadIdentity ? around.identities().fresh() : around.identities().first();
        around.loop().after(identity, (granted, thrown) -> {
            waitingForIdentity = false;
            if (closed) {
                return;
            }
            if (granted != null) {
                hadIdentity = true;
                window.begin(granted);
            } else {
                LOG.warn("no producer id yet partition={}", partition, thrown);
                pause(false);
            }
            pump();
        });
    }

    private void send(long now) {
        AppendStream open = stream;
        if (open == null || !streamOpened || now - pausedUntilNanos < 0) {
            return;
        }
        Optional<InFlightWindow.Entry<PendingBatch>> next = window.nextToSend();
        while (next.isPresent()) {
            if (!window.awaitsAnswer()) {
                owedSinceNanos = now;
            }
            PendingBatch batch = next.get().batch();
            ByteBuffer bytes = batch.bytes();
            around.events().sending(batch, bytes.remaining());
            open.send(window.sent(next.get()), bytes);
            next = window.nextToSend();
        }
    }

    private void connect() {
        Optional<BrokerAddress> leader = around.metadata().leader(partition);
        if (leader.isEmpty()) {
            findLeader();
            return;
        }
        long generation = ++streamGeneration;
        streamOpened = false;
        owedSinceNanos = System.nanoTime();
        leaderCheckedNanos = owedSinceNanos;
        try {
            stream =
                    AppendStream.open(around.channels(), leader.get(), partition, new Events(generation, leader.get()));
        } catch (LogException clientClosed) {
            pause(false);
        }
    }

    private void findLeader() {
        if (lookingForLeader) {
            return;
        }
        lookingForLeader = true;
        around.loop().after(around.metadata().refresh(partition.topic()), (topic, thrown) -> {
            lookingForLeader = false;
            if (closed) {
                return;
            }
            if (thrown instanceof LogException failure && failure.code() == ErrorCode.UNKNOWN_TOPIC) {
                denied(failure);
            } else if (topic != null && topic.partitionCount() <= partition.partition()) {
                denied(Outcome.NOT_APPENDED.error(
                        ErrorCode.UNKNOWN_PARTITION,
                        "topic " + topic.name() + " now has only " + topic.partitionCount() + " partitions"));
            } else if (around.metadata().leader(partition).isEmpty()) {
                pause(false);
            }
            pump();
        });
    }

    /** A broker says that there is no such topic; a new one may not have reached it yet. */
    private void denied(LogException failure) {
        long now = System.nanoTime();
        if (unknownSinceNanos == null) {
            unknownSinceNanos = now;
        }
        if (now - unknownSinceNanos < around.client().topicGrace().toNanos()) {
            pause(false);
            return;
        }
        unknownSinceNanos = null;
        around.metadata().forget(partition.topic());
        outbox.failAll(failure);
    }

    // ---- what the broker says

    private final class Events implements AppendStream.Listener {
        private final long generation;
        private final BrokerAddress broker;

        Events(long generation, BrokerAddress broker) {
            this.generation = generation;
            this.broker = broker;
        }

        private void ifCurrent(Runnable event) {
            around.loop().execute(() -> {
                if (generation == streamGeneration && stream != null && !closed) {
                    owedSinceNanos = System.nanoTime();
                    event.run();
                    pump();
                }
            });
        }

        @Override
        public void opened() {
            ifCurrent(() -> {
                streamOpened = true;
                unknownSinceNanos = null;
                LOG.debug("append stream opened partition={} broker={}", partition, broker);
            });
        }

        @Override
        public void acknowledged(AppendAck ack) {
            ifCurrent(() -> {
                retries.succeeded();
                outbox.acknowledged(
                        ack.getCorrelationId(), ack.getBaseOffset(), ack.getLeaderEpoch(), ack.getDuplicate());
            });
        }

        @Override
        public void rejected(long correlationId, Failure failure) {
            ifCurrent(() -> onRejected(correlationId, failure, broker));
        }

        @Override
        public void goAway(GoAway goAway) {
            ifCurrent(() -> {
                Optional<BrokerAddress> leader = LeaderHint.address(goAway.getLeader());
                LOG.debug("told to go away partition={} broker={} reason={}", partition, broker, goAway.getReason());
                LogException cause = new Refused(ErrorCode.NOT_LEADER, goAway.getMessage());
                leaveBroker(broker, new Failure(cause, leader.map(l -> new LeaderHint(partition, -1, Optional.of(l)))));
            });
        }

        @Override
        public void closed(Failure failure) {
            ifCurrent(() -> {
                LOG.debug(
                        "append stream lost partition={} cause={}",
                        partition,
                        failure.cause().getMessage());
                if (isHopeless(failure.code())) {
                    leaveStream();
                    outbox.failAll(failure.cause());
                } else {
                    leaveBroker(broker, failure);
                }
            });
        }
    }

    private void onRejected(long correlationId, Failure failure, BrokerAddress broker) {
        outbox.rejected(correlationId, failure.cause());
        switch (failure.code()) {
            case NOT_LEADER, BROKER_NOT_AVAILABLE, STORAGE_FAILURE -> leaveBroker(broker, failure);
            default -> {
                if (failure.code().retriable() && System.nanoTime() - pausedUntilNanos >= 0) {
                    pause(false);
                }
            }
        }
    }

    /** Errors of a stream that neither another broker nor time will change. */
    private static boolean isHopeless(ErrorCode code) {
        return code == ErrorCode.INVALID_REQUEST || code == ErrorCode.UNSUPPORTED_VERSION;
    }

    // ---- leaving brokers and waiting

    private void leaveBroker(BrokerAddress broker, Failure failure) {
        leaveStream();
        around.metadata().leaderFailed(partition, broker, failure);
        if (around.metadata().leader(partition).isEmpty()) {
            // Heard by the time the pause is over.
            around.loop().after(around.metadata().refresh(partition.topic()), (topic, thrown) -> {});
        }
        pause(failure.leaderOtherThan(broker).isPresent());
    }

    private void leaveStream() {
        if (stream != null) {
            stream.cancel();
            stream = null;
            streamOpened = false;
            streamGeneration++;
            window.streamLost();
        }
    }

    private void pause(boolean leaderNamed) {
        pausedUntilNanos = System.nanoTime() + retries.nextDelayNanos(leaderNamed);
    }

    /** A leader that went silent without closing its connection is left as soon as others name a new one. */
    private void watchLeader(long now) {
        AppendStream watched = stream;
        if (watched == null || !owesAnswer()) {
            return;
        }
        BrokerAddress broker = watched.broker();
        if (now - owedSinceNanos >= around.client().attemptTimeout().toNanos()) {
            LOG.info("leader gave no answer partition={} broker={}", partition, broker);
            around.channels().renew(broker);
            leaveBroker(broker, Failure.of(ErrorCode.TIMEOUT, "broker " + broker + " gave no answer"));
            return;
        }
        long checkEvery = around.client().leaderCheckInterval().toNanos();
        if (now - owedSinceNanos < checkEvery || now - leaderCheckedNanos < checkEvery) {
            return;
        }
        leaderCheckedNanos = now;
        around.loop().after(around.metadata().refresh(partition.topic()), (topic, thrown) -> {
            Optional<BrokerAddress> leader = around.metadata().leader(partition);
            if (stream == watched
                    && owesAnswer()
                    && leader.isPresent()
                    && !leader.get().equals(broker)) {
                LOG.info("leader moved partition={} from={} to={}", partition, broker, leader.get());
                leaveStream();
                pump();
            }
        });
    }

    private boolean owesAnswer() {
        return stream != null && (!streamOpened || window.awaitsAnswer());
    }

    // ---- the timer

    private void setTimer(long now) {
        long next = outbox.nanosToNextDeadline(now);
        if (outbox.hasWork(now) && pausedUntilNanos - now > 0) {
            next = Math.min(next, pausedUntilNanos - now);
        }
        if (owesAnswer()) {
            next = Math.min(next, around.client().leaderCheckInterval().toNanos());
        }
        if (next == Long.MAX_VALUE) {
            return;
        }
        long at = now + next;
        if (timer != null && timerAtNanos - at <= 0 && timerAtNanos - now > 0) {
            return; // it rings early enough
        }
        cancelTimer();
        timerAtNanos = at;
        timer = around.loop().schedule(this::onTimer, next);
    }

    private void onTimer() {
        timer = null;
        if (!around.loop().isClosed()) {
            pump();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
