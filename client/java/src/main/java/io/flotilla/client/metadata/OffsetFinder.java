package io.flotilla.client.metadata;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.EventLoop;
import io.flotilla.client.transport.Failure;
import io.flotilla.client.transport.RetrySchedule;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.ListOffsetsRequest;
import io.flotilla.protocol.v1.ListOffsetsResponse;
import io.flotilla.protocol.v1.OffsetAnswer;
import io.flotilla.protocol.v1.OffsetQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns positions into offsets by asking each partition's leader, with retries.
 *
 * <p>Threading: safe; futures complete on the client's loop.
 */
public final class OffsetFinder {
    private final ClientSettings settings;
    private final BrokerCalls calls;
    private final MetadataCache metadata;
    private final EventLoop loop;

    public OffsetFinder(ClientSettings settings, BrokerCalls calls, MetadataCache metadata, EventLoop loop) {
        this.settings = settings;
        this.calls = calls;
        this.metadata = metadata;
        this.loop = loop;
    }

    /** All or nothing: fails with the first error that no retry can change, or with TIMEOUT. */
    public CompletableFuture<Map<TopicPartition, Long>> find(
            Map<TopicPartition, Position> positions, Duration timeout) {
        Search search = new Search(positions, timeout);
        search.round();
        return search.result;
    }

    /** One search. Its rounds follow each other; the answers of one round meet under its lock. */
    private final class Search {
        private final Map<TopicPartition, Position> open;
        private final Map<TopicPartition, Long> found = new HashMap<>();
        private final long timeoutNanos;
        private final long startNanos = System.nanoTime();
        private final RetrySchedule schedule =
                new RetrySchedule(settings.retryBackoffMin(), settings.retryBackoffMax(), new SplittableRandom());
        private final CompletableFuture<Map<TopicPartition, Long>> result = new CompletableFuture<>();
        private @Nullable LogException lastFailure;
        private boolean leaderNamed;

        Search(Map<TopicPartition, Position> positions, Duration timeout) {
            this.open = new TreeMap<>(positions);
            this.timeoutNanos = timeout.toNanos();
            positions.forEach((partition, position) -> {
                if (position instanceof Position.AtOffset at) {
                    found.put(partition, at.offset());
                    open.remove(partition);
                } else if (position instanceof Position.AtRecord at) {
                    found.put(partition, at.readFrom());
                    open.remove(partition);
                }
            });
        }

        private synchronized void round() {
            if (open.isEmpty()) {
                result.complete(Map.copyOf(found));
                return;
            }
            if (left().isZero() || loop.isClosed()) {
                result.completeExceptionally(expired());
                return;
            }
            leaderNamed = false;
            List<CompletableFuture<?>> known = new ArrayList<>();
            open.keySet().stream().map(TopicPartition::topic).distinct().forEach(topic -> known.add(topicOf(topic)));
            whenAll(known, this::askLeaders);
        }

        private CompletableFuture<TopicView> topicOf(String topic) {
            boolean leaderless = open.keySet().stream()
                    .anyMatch(partition -> partition.topic().equals(topic)
                            && metadata.leader(partition).isEmpty());
            return leaderless && metadata.topic(topic).isPresent()
                    ? metadata.refresh(topic)
                    : metadata.lookUp(topic, left());
        }

        private synchronized void askLeaders() {
            Map<BrokerAddress, List<TopicPartition>> byLeader = new HashMap<>();
            for (TopicPartition partition : open.keySet()) {
                TopicView topic = metadata.topic(partition.topic()).orElse(null);
                if (topic != null && partition.partition() >= topic.partitionCount()) {
                    failed(new Refused(
                            ErrorCode.UNKNOWN_PARTITION,
                            "topic " + topic.name() + " has partitions 0 to " + (topic.partitionCount() - 1) + ", not "
                                    + partition.partition()));
                    return;
                }
                metadata.leader(partition)
                        .ifPresent(leader -> byLeader.computeIfAbsent(leader, first -> new ArrayList<>())
                                .add(partition));
            }
            List<CompletableFuture<?>> asked = new ArrayList<>();
            byLeader.forEach((leader, partitions) -> asked.add(ask(leader, partitions)));
            whenAll(asked, this::endRound);
        }

        private CompletableFuture<?> ask(BrokerAddress leader, List<TopicPartition> partitions) {
            ListOffsetsRequest.Builder request = ListOffsetsRequest.newBuilder();
            partitions.forEach(partition -> request.addQueries(queryOf(partition)));
            long timeout = Math.min(left().toNanos(), settings.attemptTimeout().toNanos());
            return calls.at(
                            leader,
                            ConsumerServiceGrpc.getListOffsetsMethod(),
                            request.build(),
                            Duration.ofNanos(timeout))
                    .handle((response, thrown) -> {
                        if (thrown == null) {
                            answered(leader, partitions, response);
                        } else {
                            Failure failure = BrokerCalls.failureOf(thrown, leader);
                            partitions.forEach(partition -> missed(partition, leader, failure));
                        }
                        return null;
                    });
        }

        private OffsetQuery queryOf(TopicPartition partition) {
            OffsetQuery.Builder query = OffsetQuery.newBuilder().setPartition(WirePartition.toProto(partition));
            Position position = open.get(partition);
            if (position instanceof Position.AtTimestamp at) {
                query.setTimestampMillis(at.epochMillis());
            } else if (position instanceof Position.End) {
                query.setLatest(OffsetQuery.Latest.getDefaultInstance());
            } else {
                query.setEarliest(OffsetQuery.Earliest.getDefaultInstance());
            }
            return query.build();
        }

        private synchronized void answered(
                BrokerAddress leader, List<TopicPartition> partitions, ListOffsetsResponse response) {
            for (int i = 0; i < partitions.size(); i++) {
                TopicPartition partition = partitions.get(i);
                if (i >= response.getAnswersCount()) {
                    missed(partition, leader, Failure.of(ErrorCode.INTERNAL, leader + " left out an answer"));
                    continue;
                }
                OffsetAnswer answer = response.getAnswers(i);
                if (answer.hasError()) {
                    missed(partition, leader, Failure.of(answer.getError(), leader));
                } else {
                    found.put(partition, answer.getOffset());
                    open.remove(partition);
                }
            }
        }

        private synchronized void missed(TopicPartition partition, BrokerAddress leader, Failure failure) {
            metadata.leaderFailed(partition, leader, failure);
            leaderNamed |= failure.leaderOtherThan(leader).isPresent();
            // A topic that the leader does not know yet, or no more, is decided on by the next look-up.
            boolean decidedElsewhere = failure.code() == ErrorCode.UNKNOWN_TOPIC
                    && System.nanoTime() - startNanos < settings.topicGrace().toNanos();
            lastFailure = failure.cause();
            if (!failure.code().retriable() && !decidedElsewhere) {
                failed(failure.cause());
            }
        }

        private synchronized void endRound() {
            if (result.isDone() || open.isEmpty()) {
                result.complete(Map.copyOf(found));
                return;
            }
            long delay = Math.min(schedule.nextDelayNanos(leaderNamed), left().toNanos());
            loop.schedule(this::round, delay);
        }

        /** Goes on when all are done; failures count only if nothing else can come of the search. */
        private void whenAll(List<CompletableFuture<?>> futures, Runnable next) {
            loop.after(CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new)), (all, thrown) -> {
                Throwable cause = thrown != null && thrown.getCause() != null ? thrown.getCause() : thrown;
                if (cause instanceof LogException failure && !failure.code().retriable()) {
                    failed(failure);
                } else if (!result.isDone()) {
                    next.run();
                }
            });
        }

        private synchronized void failed(LogException failure) {
            result.completeExceptionally(failure);
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(0, timeoutNanos - (System.nanoTime() - startNanos)));
        }

        private LogException expired() {
            LogException cause = lastFailure;
            return new Refused(
                    ErrorCode.TIMEOUT,
                    "no offset within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms for " + open.keySet()
                            + (cause == null ? ": no leader is known" : "; last: " + cause.getMessage()),
                    Map.of(),
                    cause);
        }
    }
}
