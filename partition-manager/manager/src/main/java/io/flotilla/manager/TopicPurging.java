package io.flotilla.manager;

import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.protocol.error.LogException;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges deleted topics whose grace is over, the one that is due for longest first: one command under way at a time. An
 * outcome that stays unknown does no harm, since a topic that is purged already is no news.
 *
 * <p>Threading: none; the owner takes one step at a time.
 */
final class TopicPurging {
    private static final Logger LOG = LoggerFactory.getLogger(TopicPurging.class);

    private final ClusterMetadata metadata;
    private final BooleanSupplier isResponsible;
    private final TopicPurgerSettings settings;
    private final Clock clock;
    private @Nullable CompletableFuture<Outcome> underWay;
    private int failures;
    private long quietUntilMillis = Long.MIN_VALUE;

    /**
     * @param isResponsible whether this broker purges at the moment; two that do waste commands but do no harm
     * @param clock         by which graces end
     */
    TopicPurging(ClusterMetadata metadata, BooleanSupplier isResponsible, TopicPurgerSettings settings, Clock clock) {
        this.metadata = metadata;
        this.isResponsible = isResponsible;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * @param nowMillis of any clock that never goes back
     * @param answered  called, on any thread, when the next step can learn how a command went
     * @return milliseconds until the next step
     */
    long step(long nowMillis, Runnable answered) {
        CompletableFuture<Outcome> sent = underWay;
        if (sent != null) {
            if (!sent.isDone()) {
                return settings.interval().toMillis();
            }
            underWay = null;
            learn(sent, nowMillis);
        }
        if (!isResponsible.getAsBoolean()) {
            return settings.interval().toMillis();
        }
        if (nowMillis < quietUntilMillis) {
            return Math.min(quietUntilMillis - nowMillis, settings.interval().toMillis());
        }
        Optional<DeletedTopic> next = nextOf(metadata.image());
        if (next.isEmpty()) {
            return settings.interval().toMillis();
        }
        long wallMillis = clock.millis();
        if (wallMillis < next.get().purgeAtMillis()) {
            return Math.min(
                    next.get().purgeAtMillis() - wallMillis, settings.interval().toMillis());
        }
        send(next.get(), wallMillis, answered);
        return settings.interval().toMillis();
    }

    private static Optional<DeletedTopic> nextOf(MetadataImage image) {
        return image.deletedTopics().values().stream().min(Comparator.comparingLong(DeletedTopic::purgeAtMillis));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // underWay is looked at by the next step
    private void send(DeletedTopic topic, long wallMillis, Runnable answered) {
        LOG.info(
                "purging topic name={} id={}",
                topic.topic().name(),
                topic.topic().idText());
        CompletableFuture<Outcome> sent =
                metadata.submit(new PurgeTopic(topic.topic().id(), wallMillis));
        underWay = sent;
        sent.whenComplete((outcome, failure) -> answered.run());
    }

    private void learn(CompletableFuture<Outcome> sent, long nowMillis) {
        try {
            sent.join().resultAs(Result.TopicPurged.class);
            failures = 0;
        } catch (CompletionException | LogException failed) {
            failures++;
            quietUntilMillis = nowMillis + settings.backoff().pauseMillis(failures);
            Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
            LOG.info("could not purge a deleted topic, trying again: {}", String.valueOf(cause));
        }
    }
}
