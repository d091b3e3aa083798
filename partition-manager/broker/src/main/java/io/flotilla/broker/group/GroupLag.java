package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.raftlog.partition.PartitionId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far consumer groups are behind, in records and in time, as far as the leaders of partitions tell the coordinator: for
 * one group when it is asked for, and for all of them now and then for the metrics. What it does not know of, as of a
 * partition whose leader does not answer, is left out.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class GroupLag implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLag.class);

    /** Between two looks. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Records of which one leader is asked the time at once; of more the time is not known. */
    private static final int TIMES_ASKED_MAX = 10_000;

    /** Asks a broker about partitions that it leads. */
    @FunctionalInterface
    public interface Ends {
        CompletableFuture<PartitionEnds> of(
                int brokerId,
                MetadataImage image,
                Collection<PartitionId> partitions,
                Collection<RecordPosition> positions);
    }

    /**
     * How far one group is behind in one topic.
     *
     * @param records yet to process, of all partitions that are known
     * @param millis  how long ago the oldest one's next record was made, see {@link PartitionLag}
     */
    public record Lag(String group, String topic, OptionalLong records, OptionalLong millis) {}

    private final GroupCoordinator coordinator;
    private final Ends ends;
    private final Clock clock;
    private final RecordTimes times = new RecordTimes();
    private volatile List<Lag> lags = List.of();
    private @Nullable ScheduledFuture<?> looking;

    /** The caller owns the result. */
    public GroupLag(GroupCoordinator coordinator, Ends ends, Clock clock) {
        this.coordinator = coordinator;
        this.ends = ends;
        this.clock = clock;
    }

    /** From now on {@link #lags} tells something. */
    public void look(ScheduledExecutorService timer) {
        looking = timer.scheduleWithFixedDelay(
                this::lookSafely, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As of the last look, by group and topic; empty while this broker does not coordinate. */
    public List<Lag> lags() {
        return coordinator.coordinates() ? lags : List.of();
    }

    /** As of now, of each partition with a committed offset and each that a member reads. Fails for no broker that is silent. */
    public CompletableFuture<List<PartitionLag>> of(GroupEntry group) {
        return ask(coordinator.image(), List.of(group)).thenApply(told -> LagRules.lags(group, told, clock.millis()));
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
        var unused = ask(image, groups).thenAccept(told -> {
            times.learn(told.timestamps(), LagRules.positions(groups), nowMillis());
            lags = LagRules.byTopic(image, groups, told, clock.millis());
        });
    }

    private CompletableFuture<PartitionEnds> ask(MetadataImage image, List<GroupEntry> groups) {
        PartitionEnds known = new PartitionEnds(Map.of(), times.known(nowMillis()));
        List<CompletableFuture<PartitionEnds>> asked = new ArrayList<>();
        LagRules.questions(image, groups, known.timestamps().keySet(), TIMES_ASKED_MAX)
                .forEach((leader, question) ->
                        asked.add(ends.of(leader, image, question.partitions(), question.positions())
                                .exceptionally(silent -> PartitionEnds.NONE)));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(
                        answered -> asked.stream().map(CompletableFuture::join).reduce(known, PartitionEnds::and));
    }

    /** Time of the clock by which {@link RecordTimes} are kept, in milliseconds. */
    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = looking;
        if (running != null) {
            running.cancel(false);
        }
    }
}
