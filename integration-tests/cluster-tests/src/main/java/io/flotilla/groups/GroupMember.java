package io.flotilla.groups;

import io.flotilla.client.ClientSettings;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.RebalanceListener;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.WakeupException;
import io.flotilla.groups.GroupEvent.Cause;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A member with a connection and a thread of its own, which processes, commits now and then, and notes it. It can be closed,
 * which hands its partitions over, or killed: then its connections break and it does nothing more, as if its process were
 * gone.
 *
 * <p>Threading: safe.
 */
final class GroupMember {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(60);

    private final String name;
    private final GroupHistory history;
    private final FlotillaClient client;
    private final GroupConsumer consumer;
    private final Duration commitInterval;
    private final Thread thread;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private final Set<TopicPartition> held = new HashSet<>();
    private final Map<TopicPartition, Long> processed = new HashMap<>();
    private volatile boolean stopping;
    private volatile boolean killed;

    private GroupMember(
            String name, ClientSettings settings, GroupSettings group, Duration commitInterval, GroupHistory history) {
        this.name = name;
        this.history = history;
        this.commitInterval = commitInterval;
        this.client = FlotillaClient.connect(settings);
        this.consumer = client.groupConsumer(
                group.withClientId(name).withAutoCommitInterval(Duration.ZERO).withListener(new Listening()));
        this.thread = new Thread(this::run, name);
    }

    static GroupMember start(
            String name, ClientSettings settings, GroupSettings group, Duration commitInterval, GroupHistory history) {
        GroupMember member = new GroupMember(name, settings, group, commitInterval, history);
        member.thread.start();
        return member;
    }

    private void run() {
        try {
            loop();
            if (!killed) {
                consumer.close();
            }
            end.complete(null);
        } catch (RuntimeException failure) {
            if (killed) { // what it was doing when it died is cut off
                end.complete(null);
            } else {
                end.completeExceptionally(failure);
            }
        } finally {
            client.close();
        }
    }

    private void loop() {
        long commitAtNanos = System.nanoTime() + commitInterval.toNanos();
        while (!stopping) {
            process(poll());
            if (!stopping && System.nanoTime() - commitAtNanos >= 0) {
                commit(Set.copyOf(processed.keySet()));
                commitAtNanos = System.nanoTime() + commitInterval.toNanos();
            }
        }
    }

    private List<ConsumerRecord> poll() {
        try {
            return consumer.poll(POLL);
        } catch (WakeupException stop) {
            return List.of();
        }
    }

    /** Notes runs of records, not each one. */
    private void process(List<ConsumerRecord> records) {
        int begin = 0;
        for (int next = 1; next <= records.size(); next++) {
            if (next == records.size() || !follows(records.get(next - 1), records.get(next))) {
                note(records.get(begin), records.get(next - 1));
                begin = next;
            }
        }
    }

    private static boolean follows(ConsumerRecord before, ConsumerRecord after) {
        return after.partition().equals(before.partition()) && after.offset() == before.offset() + 1;
    }

    private void note(ConsumerRecord first, ConsumerRecord last) {
        synchronized (this) {
            if (killed) {
                return;
            }
            history.note(new GroupEvent.Processed(
                    name, first.partition(), first.offset(), last.offset() + 1, System.nanoTime()));
        }
        processed.put(first.partition(), last.offset() + 1);
    }

    private void commit(Set<TopicPartition> partitions) {
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        partitions.forEach(partition -> {
            Long offset = processed.remove(partition);
            if (offset != null) {
                offsets.put(partition, CommittedOffset.of(offset));
            }
        });
        if (offsets.isEmpty()) {
            return;
        }
        long begunNanos = System.nanoTime();
        try {
            consumer.commit(offsets);
        } catch (LogException refused) { // another goes on from the commit before
            return;
        }
        long nowNanos = System.nanoTime();
        offsets.forEach((partition, offset) ->
                history.note(new GroupEvent.Committed(name, partition, offset.offset(), begunNanos, nowNanos)));
    }

    private final class Listening implements RebalanceListener {
        @Override
        public void onAssigned(Set<TopicPartition> partitions) {
            synchronized (GroupMember.this) {
                if (!killed) {
                    held.addAll(partitions);
                    partitions.forEach(one -> history.note(new GroupEvent.Assigned(name, one, System.nanoTime())));
                }
            }
        }

        @Override
        public void onRevoked(Set<TopicPartition> partitions) {
            commit(partitions);
            release(partitions, Cause.HANDED_OVER);
        }

        @Override
        public void onLost(Set<TopicPartition> partitions) {
            processed.keySet().removeAll(partitions);
            release(partitions, Cause.LOST);
        }
    }

    private synchronized void release(Set<TopicPartition> partitions, Cause cause) {
        for (TopicPartition partition : Set.copyOf(partitions)) {
            if (held.remove(partition)) {
                history.note(new GroupEvent.Released(name, partition, cause, System.nanoTime()));
            }
        }
    }

    /** Leaves the group in order. Returns once it has. */
    void close() {
        stopping = true;
        consumer.wakeup();
        awaitEnd();
    }

    /** Cuts everything off. The group will find out by itself. */
    void kill() {
        synchronized (this) {
            killed = true;
            release(held, Cause.KILLED);
        }
        stopping = true;
        client.close();
        awaitEnd();
    }

    /** Partitions that it reads now. */
    synchronized int heldCount() {
        return held.size();
    }

    private void awaitEnd() {
        try {
            end.get(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " was ending", interruption);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(name + " failed: " + failure.getCause(), failure.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException(name + " has not ended within " + END_TIMEOUT, late);
        }
    }
}
