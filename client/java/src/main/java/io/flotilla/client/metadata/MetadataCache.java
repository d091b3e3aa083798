package io.flotilla.client.metadata;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.metadata.TopicView.PartitionLeader;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.LeaderHint;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.DescribeTopicsResponse;
import io.flotilla.protocol.v1.PartitionDescription;
import io.flotilla.protocol.v1.TopicDescription;
import io.flotilla.protocol.v1.TopicServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics and leaders as far as known, filled by asking any broker and by the hints of those that do not lead.
 *
 * <p>Threading: safe; futures complete on the client's loop.
 */
public final class MetadataCache {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataCache.class);

    private final ClientSettings settings;
    private final BrokerCalls calls;
    private final EventLoop loop;
    private final ConcurrentHashMap<String, TopicView> topics = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, CompletableFuture<TopicView>> refreshes = new ConcurrentHashMap<>();

    /** Who described a topic last. */
    private final ConcurrentHashMap<String, BrokerAddress> tellers = new ConcurrentHashMap<>();

    /** When to ask anew about a topic that is used, by {@link System#nanoTime}. */
    private final ConcurrentHashMap<String, Long> refreshAtNanos = new ConcurrentHashMap<>();

    public MetadataCache(ClientSettings settings, BrokerCalls calls, EventLoop loop) {
        this.settings = settings;
        this.calls = calls;
        this.loop = loop;
    }

    /** The topic as last heard of; empty if it was never looked up, or was not found. */
    public Optional<TopicView> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /**
     * Asks anew about a topic in the background if what is known of it is older than {@link
     * ClientSettings#metadataMaxAge()}. Users of a topic call it again and again; nobody else's knowledge is renewed.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    public void refreshIfOld(String name, long nowNanos) {
        Long refreshAt = refreshAtNanos.get(name);
        if (refreshAt != null
                && nowNanos - refreshAt >= 0
                && refreshAtNanos.replace(
                        name, refreshAt, nowNanos + settings.metadataMaxAge().toNanos())) {
            loop.after(refresh(name), (topic, thrown) -> {}); // what fails is tried again at the next age
        }
    }

    /** What is known of a topic is old from now on. */
    public void expire(String name) {
        refreshAtNanos.computeIfPresent(name, (unused, at) -> System.nanoTime());
    }

    public Optional<BrokerAddress> leader(TopicPartition partition) {
        TopicView topic = topics.get(partition.topic());
        return topic == null ? Optional.empty() : topic.leaderOf(partition.partition());
    }

    /** Takes what a broker said about a leader. */
    public void hear(LeaderHint hint) {
        topics.computeIfPresent(
                hint.partition().topic(),
                (name, topic) -> topic.hear(
                        hint.partition().partition(), new PartitionLeader(hint.leaderEpoch(), hint.leader())));
    }

    /**
     * Learns from a failed call to a partition's supposed leader. A broker that is cut off from the others may go on naming
     * itself while it denies to lead: that is no hint, and whoever told of it is asked last from now on.
     */
    public void leaderFailed(TopicPartition partition, BrokerAddress broker, Failure failure) {
        // First forget, then hear: a hint that names somebody counts even if its epoch is the one we knew.
        topics.computeIfPresent(partition.topic(), (name, topic) -> topic.distrust(partition.partition(), broker));
        failure.leaderHint()
                .filter(hint -> !hint.leader().equals(Optional.of(broker)))
                .ifPresent(this::hear);
        BrokerAddress teller = tellers.get(partition.topic());
        if (teller != null && failure.leaderOtherThan(broker).isEmpty()) {
            calls.brokers().failed(teller);
        }
    }

    /**
     * The topic, from the cache or else asked for until {@code timeout} is over. Fails with UNKNOWN_TOPIC when brokers
     * have said for {@link ClientSettings#topicGrace()} that there is none, and with TIMEOUT.
     */
    public CompletableFuture<TopicView> lookUp(String name, Duration timeout) {
        TopicView known = topics.get(name);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<TopicView> found = new CompletableFuture<>();
        new LookUp(name, System.nanoTime(), timeout.toNanos(), found).attempt();
        return found;
    }

    /**
     * Asks anew about a topic, once for all who ask at the same time: each known broker until one answers. Fails with
     * the last broker's failure.
     */
    public CompletableFuture<TopicView> refresh(String name) {
        CompletableFuture<TopicView> mine = new CompletableFuture<>();
        CompletableFuture<TopicView> running = refreshes.putIfAbsent(name, mine);
        if (running != null) {
            return running;
        }
        ask(name, calls.brokers().inOrder(), 0, mine);
        return mine;
    }

    private void ask(String name, List<BrokerAddress> brokers, int next, CompletableFuture<TopicView> answer) {
        BrokerAddress broker = brokers.get(next);
        DescribeTopicsRequest request =
                DescribeTopicsRequest.newBuilder().addNames(name).build();
        // Answered from memory, so a broker that takes longer than this is not the one to wait for.
        Duration timeout = settings.leaderCheckInterval();
        loop.after(
                calls.at(broker, TopicServiceGrpc.getDescribeTopicsMethod(), request, timeout), (response, thrown) -> {
                    if (response != null) {
                        heard(name, broker, response, answer);
                        return;
                    }
                    if (thrown == null) {
                        throw new IllegalStateException("neither an answer nor a failure");
                    }
                    Failure failure = BrokerCalls.failureOf(thrown, broker);
                    if (failure.code().retriable()) {
                        calls.brokers().failed(broker);
                    }
                    if (failure.code().retriable() && next + 1 < brokers.size()) {
                        ask(name, brokers, next + 1, answer);
                    } else {
                        refreshes.remove(name, answer); // before it completes, so that a retry asks anew
                        answer.completeExceptionally(failure.cause());
                    }
                });
    }

    private void heard(
            String name, BrokerAddress from, DescribeTopicsResponse response, CompletableFuture<TopicView> answer) {
        Map<Integer, BrokerAddress> brokers = new HashMap<>();
        for (BrokerEndpoint endpoint : response.getBrokersList()) {
            LeaderHint.address(endpoint).ifPresent(address -> brokers.put(endpoint.getBrokerId(), address));
        }
        calls.brokers().learn(brokers.values());
        refreshes.remove(name, answer);
        for (TopicDescription description : response.getTopicsList()) {
            if (description.getName().equals(name)) {
                tellers.put(name, from);
                refreshAtNanos.put(
                        name, System.nanoTime() + settings.metadataMaxAge().toNanos());
                answer.complete(topics.merge(name, viewOf(description, brokers), TopicView::merge));
                return;
            }
        }
        answer.completeExceptionally(
                new Refused(ErrorCode.UNKNOWN_TOPIC, "broker " + from + " knows no topic " + name));
    }

    private static TopicView viewOf(TopicDescription description, Map<Integer, BrokerAddress> brokers) {
        List<PartitionLeader> leaders = new ArrayList<>();
        for (PartitionDescription partition : description.getPartitionsList()) {
            leaders.add(new PartitionLeader(
                    partition.getLeaderEpoch(),
                    partition.hasLeaderBrokerId()
                            ? Optional.ofNullable(brokers.get(partition.getLeaderBrokerId()))
                            : Optional.empty()));
        }
        return new TopicView(description.getName(), description.getTopicId(), description.getConfigMap(), leaders);
    }

    /** Forgets a topic that its brokers no longer know. */
    public void forget(String name) {
        refreshAtNanos.remove(name);
        tellers.remove(name);
        if (topics.remove(name) != null) {
            LOG.info("topic is gone topic={}", name);
        }
    }

    /** One look-up with its retries. Steps follow each other, so it needs no lock. */
    private final class LookUp {
        private final String name;
        private final long startNanos;
        private final long timeoutNanos;
        private final CompletableFuture<TopicView> found;
        private final RetrySchedule schedule =
                new RetrySchedule(settings.retryBackoffMin(), settings.retryBackoffMax(), new SplittableRandom());

        LookUp(String name, long startNanos, long timeoutNanos, CompletableFuture<TopicView> found) {
            this.name = name;
            this.startNanos = startNanos;
            this.timeoutNanos = timeoutNanos;
            this.found = found;
        }

        void attempt() {
            loop.after(refresh(name), (topic, thrown) -> {
                if (topic != null) {
                    found.complete(topic);
                } else if (thrown != null) {
                    retry(thrown);
                }
            });
        }

        private void retry(Throwable thrown) {
            long elapsed = System.nanoTime() - startNanos;
            boolean unknown = thrown instanceof LogException known && known.code() == ErrorCode.UNKNOWN_TOPIC;
            if (unknown && elapsed >= Math.min(settings.topicGrace().toNanos(), timeoutNanos)) {
                found.completeExceptionally(thrown);
                return;
            }
            if (!unknown
                    && thrown instanceof LogException known
                    && !known.code().retriable()) {
                found.completeExceptionally(known);
                return;
            }
            if (elapsed >= timeoutNanos || loop.isClosed()) {
                found.completeExceptionally(notFound(thrown));
                return;
            }
            long delay = Math.min(schedule.nextDelayNanos(false), timeoutNanos - elapsed);
            loop.schedule(this::attempt, delay);
        }

        private LogException notFound(@Nullable Throwable last) {
            return new Refused(
                    ErrorCode.TIMEOUT,
                    "no broker of " + calls.brokers().inOrder() + " described topic " + name + " within "
                            + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms"
                            + (last == null ? "" : "; last: " + last.getMessage()),
                    Map.of("topic", name),
                    last);
        }
    }
}
