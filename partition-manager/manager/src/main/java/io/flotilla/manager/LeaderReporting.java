package io.flotilla.manager;

import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.protocol.error.LogException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the metadata of new leaderships: one command under way at a time, sent again until the image shows it or the
 * leadership is gone. An outcome that stays unknown does no harm, since a report twice is no news the second time.
 *
 * <p>Threading: none; the owner takes one step at a time.
 */
final class LeaderReporting {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderReporting.class);

    private final ClusterMetadata metadata;
    private final ReplicaSet replicas;
    private final int brokerId;
    private final LeaderReporterSettings settings;
    private @Nullable CompletableFuture<Outcome> underWay;
    private int failures;
    private long versionAwaited;
    private long quietUntilMillis = Long.MIN_VALUE;

    LeaderReporting(ClusterMetadata metadata, ReplicaSet replicas, int brokerId, LeaderReporterSettings settings) {
        this.metadata = metadata;
        this.replicas = replicas;
        this.brokerId = brokerId;
        this.settings = settings;
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
        MetadataImage image = metadata.image();
        boolean awaitsImage = image.version() < versionAwaited;
        if (nowMillis < quietUntilMillis && (failures > 0 || awaitsImage)) {
            return Math.min(quietUntilMillis - nowMillis, settings.interval().toMillis());
        }
        List<LeaderReport> news = LeaderNews.of(image, brokerId, replicas, settings.reportsMax());
        if (!news.isEmpty()) {
            send(new ReportLeaders(news), answered);
        }
        return settings.interval().toMillis();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // underWay is looked at by the next step
    private void send(ReportLeaders command, Runnable answered) {
        CompletableFuture<Outcome> sent = metadata.submit(command);
        underWay = sent;
        sent.whenComplete((outcome, failure) -> answered.run());
    }

    private void learn(CompletableFuture<Outcome> sent, long nowMillis) {
        try {
            Outcome outcome = sent.join();
            int changed = outcome.resultAs(Result.LeadersReported.class).changed();
            failures = 0;
            versionAwaited = outcome instanceof Outcome.Accepted accepted ? accepted.version() : 0;
            quietUntilMillis = nowMillis + settings.patience().toMillis();
            LOG.debug("reported leaderships changed={} version={}", changed, versionAwaited);
        } catch (CompletionException | LogException failed) {
            failures++;
            quietUntilMillis = nowMillis + settings.backoff().pauseMillis(failures);
            if (failures == 1) {
                Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
                LOG.info("could not report leaderships, clients find leaders by asking: {}", String.valueOf(cause));
            }
        }
    }
}
