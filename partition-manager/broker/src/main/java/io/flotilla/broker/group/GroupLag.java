package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.raftlog.partition.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records consumer groups have yet to process, looked at now and then by the coordinator. What it does not know of,
 * as of a partition whose leader does not answer, is left out.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class GroupLag implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLag.class);

    /** Between two looks. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Asks a broker where partitions end that it leads. */
    @FunctionalInterface
    public interface Ends {
        CompletableFuture<Map<PartitionId, Long>> of(
                int brokerId, MetadataImage image, Collection<PartitionId> partitions);
    }

    /** What one group has yet to process of one topic. */
    public record Lag(String group, String topic, long records) {}

    private final GroupCoordinator coordinator;
    private final Ends ends;
    private volatile List<Lag> lags = List.of();
    private @Nullable ScheduledFuture<?> looking;

    private GroupLag(GroupCoordinator coordinator, Ends ends) {
        this.coordinator = coordinator;
        this.ends = ends;
    }

    /** The caller owns the result. */
    public static GroupLag start(GroupCoordinator coordinator, Ends ends, ScheduledExecutorService timer) {
        GroupLag lag = new GroupLag(coordinator, ends);
        lag.looking = timer.scheduleWithFixedDelay(
                lag::lookSafely, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return lag;
    }

    /** As of the last look, by group and topic; empty while this broker does not coordinate. */
    public List<Lag> lags() {
        return coordinator.coordinates() ? lags : List.of();
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException bug) { // the next look must come
            LOG.error("the lag of consumer groups could not be looked at", bug);
        }
    }

    private void look() {
        if (!coordinator.coordinates()) {
            lags = List.of();
            return;
        }
        MetadataImage image = coordinator.image();
        List<GroupEntry> groups = coordinator.groups().all();
        Map<PartitionId, Long> known = new HashMap<>();
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        byLeader(image, groups)
                .forEach((leader, partitions) ->
                        asked.add(ends.of(leader, image, partitions).handle((told, failure) -> {
                            if (failure == null) {
                                synchronized (known) {
                                    known.putAll(told);
                                }
                            }
                            return null;
                        })));
        var unused = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenRun(() -> lags = lagsOf(image, groups, known));
    }

    private static Map<Integer, Set<PartitionId>> byLeader(MetadataImage image, List<GroupEntry> groups) {
        Map<Integer, Set<PartitionId>> byLeader = new HashMap<>();
        for (GroupEntry group : groups) {
            for (PartitionId partition : group.offsets().keySet()) {
                image.partition(partition)
                        .flatMap(PartitionAssignment::leader)
                        .ifPresent(leader -> byLeader.computeIfAbsent(leader, id -> new HashSet<>())
                                .add(partition));
            }
        }
        return byLeader;
    }

    /** @param ends by partition; those of which it is not known are left out */
    static List<Lag> lagsOf(MetadataImage image, List<GroupEntry> groups, Map<PartitionId, Long> ends) {
        List<Lag> lags = new ArrayList<>();
        for (GroupEntry group : groups) {
            SortedMap<String, Long> byTopic = new TreeMap<>();
            for (Map.Entry<PartitionId, CommittedOffset> offset :
                    group.offsets().entrySet()) {
                Optional<Topic> topic = image.topic(offset.getKey().topicId());
                Long end = ends.get(offset.getKey());
                if (topic.isPresent() && end != null) {
                    byTopic.merge(
                            topic.get().name(),
                            Math.max(0, end - offset.getValue().offset()),
                            Long::sum);
                }
            }
            byTopic.forEach((topic, records) -> lags.add(new Lag(group.name(), topic, records)));
        }
        return lags;
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = looking;
        if (running != null) {
            running.cancel(false);
        }
    }
}
