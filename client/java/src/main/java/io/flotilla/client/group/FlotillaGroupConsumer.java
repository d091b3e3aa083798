package io.flotilla.client.group;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.consumer.FlotillaConsumer;
import io.flotilla.client.consumer.OneThread;
import io.flotilla.client.consumer.PollClock;
import io.flotilla.client.intercept.ReadInterceptors;
import io.flotilla.client.transport.Answers;
import io.flotilla.client.transport.Channels;
import io.flotilla.client.transport.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group consumer's outside: in each poll it carries out what the coordinator has assigned meanwhile, and lets a {@link
 * FlotillaConsumer} read the rest of the time.
 *
 * <p>Threading: as {@link GroupConsumer} says; what is not final is confined to whatever thread is inside.
 */
public final class FlotillaGroupConsumer implements GroupConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(FlotillaGroupConsumer.class);

    private final ClientSettings client;
    private final GroupSettings settings;
    private final FlotillaConsumer reader;
    private final Membership membership;
    private final GroupProgress progress;
    private final StartingPartitions starting;
    private final Runnable onClosed;
    private final PollClock clock;
    private final OneThread thread = new OneThread("the consumer");

    /** What is being read. */
    private final Map<TopicPartition, Assignment.Tenure> held = new HashMap<>();

    private int life;
    private Assignment applied = Assignment.NONE;
    private boolean closed;

    /**
     * @param reader   becomes this consumer's own
     * @param onClosed called once when the consumer is closed
     */
    public FlotillaGroupConsumer(
            ClientSettings client,
            GroupSettings settings,
            FlotillaConsumer reader,
            Channels channels,
            Coordinator coordinator,
            CoordinatorCalls calls,
            EventLoop loop,
            Runnable onClosed) {
        this.client = client;
        this.settings = settings;
        this.reader = reader;
        this.onClosed = onClosed;
        this.clock = new PollClock(reader.metrics());
        CommittedOffsets offsets = new CommittedOffsets(settings.group(), calls, client.requestTimeout());
        this.progress = new GroupProgress(
                new OffsetCommitter(
                        settings.group(),
                        calls,
                        client.requestTimeout(),
                        reader.metrics(),
                        new ReadInterceptors(settings.reading().interceptors())),
                settings.autoCommitInterval());
        this.starting = new StartingPartitions(offsets, reader::nudge);
        this.membership = new Membership(client, settings, channels, coordinator, loop, reader::nudge);
        membership.start();
    }

    @Override
    public void subscribe(Collection<String> topics) {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("no topic is named; close the consumer to read none");
        }
        alone(() -> {
            membership.subscribe(topics, Optional.empty());
            return null;
        });
    }

    @Override
    public void subscribePattern(String topicPattern) {
        if (topicPattern.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern matches no topic; close the consumer to read none");
        }
        alone(() -> {
            membership.subscribe(List.of(), Optional.of(topicPattern));
            return null;
        });
    }

    @Override
    public Set<TopicPartition> assignment() {
        return alone(() -> Set.copyOf(held.keySet()));
    }

    @Override
    public List<ConsumerRecord> poll(Duration timeout) {
        return alone(() -> {
            clock.begin();
            try {
                return pollUntil(System.nanoTime() + timeout.toNanos());
            } finally {
                clock.end();
            }
        });
    }

    private List<ConsumerRecord> pollUntil(long deadlineNanos) {
        progress.processed(reader.positions());
        while (true) {
            follow(membership.polled());
            begin();
            progress.commitIfDue(committer());
            long left = Math.max(0, deadlineNanos - System.nanoTime());
            List<ConsumerRecord> records = reader.read(Duration.ofNanos(Math.min(left, pauseNanosMax())));
            if (!records.isEmpty() || System.nanoTime() - deadlineNanos >= 0) {
                return records;
            }
            progress.processed(reader.positions());
        }
    }

    /** A long poll shows that it lives, and commits what is due, in between. */
    private long pauseNanosMax() {
        return Math.min(
                settings.pollIntervalMax().toNanos() / 2,
                progress.nanosUntilDue().orElse(Long.MAX_VALUE));
    }

    private OffsetCommitter.Committer committer() {
        return new OffsetCommitter.Committer(membership.news().memberId(), applied.memberEpoch(), Map.copyOf(held));
    }

    // ---- what the coordinator wants

    private void follow(Membership.News news) {
        if (news.life() != life) {
            life = news.life();
            applied = Assignment.NONE;
            starting.clear();
            lose(Set.copyOf(held.keySet()));
        }
        Assignment next = news.assignment();
        if (next.equals(applied)) {
            return;
        }
        if (!next.partitions().equals(applied.partitions())) {
            reader.metrics().rebalanced();
        }
        applied = next;
        starting.retain(next);
        Set<TopicPartition> taken = next.takenFrom(held);
        Set<TopicPartition> revoked = new HashSet<>(taken);
        revoked.retainAll(next.revoked());
        taken.removeAll(revoked);
        try {
            revoke(revoked, next.revokeByNanos());
            lose(taken);
        } finally {
            // Also if the listener fails: others wait for these partitions, and what is given is not given again.
            forget(revoked);
            forget(taken);
            membership.acknowledge(news.life(), next.version());
            next.givenBeyond(held).forEach(partition -> starting.add(partition, next.partitions()));
        }
    }

    private void revoke(Set<TopicPartition> partitions, long byNanos) {
        if (partitions.isEmpty()) {
            return;
        }
        if (progress.commitsItself()) {
            long left = Math.min(client.requestTimeout().toNanos(), byNanos - System.nanoTime());
            awaitLastCommit(progress.commit(committer(), partitions), left);
        }
        settings.listener().onRevoked(Set.copyOf(partitions));
    }

    private void lose(Set<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            LOG.info("lost partitions group={} partitions={}", settings.group(), partitions);
            forget(partitions);
            settings.listener().onLost(Set.copyOf(partitions));
        }
    }

    private void forget(Set<TopicPartition> partitions) {
        if (held.keySet().removeAll(partitions)) {
            progress.forget(partitions);
            read();
        }
    }

    /** Begins with partitions whose committed offsets are known by now. */
    private void begin() {
        Map<TopicPartition, StartingPartitions.Start> found = starting.take();
        if (found.isEmpty()) {
            return;
        }
        Map<TopicPartition, Position> starts = new HashMap<>();
        held.keySet().forEach(partition -> starts.put(partition, settings.start())); // which goes on where it is
        found.forEach((partition, start) -> {
            held.put(partition, start.tenure());
            starts.put(
                    partition,
                    start.committed()
                            .map(committed -> Position.offset(committed.offset()))
                            .orElse(settings.start()));
            start.committed().ifPresent(at -> progress.begins(partition, start.tenure(), at.offset()));
        });
        reader.assign(starts);
        settings.listener().onAssigned(Set.copyOf(found.keySet()));
    }

    private void read() {
        reader.assign(held.keySet(), settings.start());
    }

    // ---- commits

    @Override
    public void commit() {
        Answers.await(commitAsync());
    }

    @Override
    public CompletableFuture<Void> commitAsync() {
        return alone(() -> {
            progress.processed(reader.positions());
            return progress.commit(committer(), held.keySet());
        });
    }

    @Override
    public void commit(Map<TopicPartition, CommittedOffset> offsets) {
        Answers.await(commitAsync(offsets));
    }

    @Override
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets) {
        return alone(() -> {
            for (TopicPartition partition : offsets.keySet()) {
                if (!held.containsKey(partition)) {
                    throw new IllegalArgumentException("partition " + partition + " is not assigned: " + held.keySet());
                }
            }
            return progress.commit(committer(), offsets);
        });
    }

    @Override
    public Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions) {
        return alone(() -> Answers.await(starting.offsets().of(partitions)));
    }

    // ---- reading

    @Override
    public void seek(TopicPartition partition, Position position) {
        alone(() -> {
            reader.seek(partition, position);
            return null;
        });
    }

    @Override
    public long position(TopicPartition partition) {
        return alone(() -> reader.position(partition));
    }

    @Override
    public OptionalLong highWatermark(TopicPartition partition) {
        return alone(() -> reader.highWatermark(partition));
    }

    @Override
    public OptionalLong lag(TopicPartition partition) {
        return alone(() -> reader.lag(partition));
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        alone(() -> {
            reader.pause(partitions);
            return null;
        });
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        alone(() -> {
            reader.resume(partitions);
            return null;
        });
    }

    @Override
    public Set<TopicPartition> paused() {
        return alone(reader::paused);
    }

    @Override
    public void wakeup() {
        reader.wakeup();
    }

    // ---- the end

    @Override
    public void close() {
        thread.alone(() -> {
            if (!closed) {
                leave(System.nanoTime() + client.requestTimeout().toNanos());
            }
            return null;
        });
    }

    private void leave(long deadlineNanos) {
        try {
            if (progress.commitsItself()) {
                awaitLastCommit(progress.commit(committer(), held.keySet()), deadlineNanos - System.nanoTime());
            }
            if (!held.isEmpty()) {
                settings.listener().onRevoked(Set.copyOf(held.keySet()));
            }
        } finally {
            closed = true;
            await(membership.leave(), deadlineNanos - System.nanoTime(), "could not leave the group in time");
            membership.abandon();
            reader.close();
            onClosed.run();
        }
    }

    /** Closes from the thread that closes the client, whoever is inside; the group finds out by the session timeout. */
    public void abandon() {
        membership.abandon();
        reader.abandon();
    }

    private void awaitLastCommit(CompletableFuture<Void> commit, long nanos) {
        await(commit, nanos, "records will be processed again, since their offsets could not be committed");
    }

    private void await(CompletableFuture<Void> future, long nanos, String complaint) {
        try {
            future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            LOG.warn("{} group={} cause=interrupted", complaint, settings.group());
        } catch (ExecutionException failed) {
            LOG.warn("{} group={}", complaint, settings.group(), failed.getCause());
        } catch (TimeoutException late) {
            LOG.warn("{} group={} cause=timeout", complaint, settings.group());
        }
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
