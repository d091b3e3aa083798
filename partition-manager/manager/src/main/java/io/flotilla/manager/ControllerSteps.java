package io.flotilla.manager;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.ChangeMetadataVoters;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataVoters;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.core.VoterRules;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposes what is due, a command at a time, while this broker leads the metadata. A command whose outcome is unknown does
 * no harm: the next one is decided by the image, which shows whether it was applied.
 *
 * <p>Threading: none; the owner takes one step at a time.
 */
final class ControllerSteps {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerSteps.class);

    private final ClusterMetadata metadata;
    private final BooleanSupplier leads;
    private final Supplier<Optional<List<PeerId>>> voters;
    private final Liveness liveness;
    private final LongSupplier wallMillis;
    private final ControllerSettings settings;
    private @Nullable CompletableFuture<Outcome> underWay;
    private MetadataCommand proposed = new MetadataCommand.AssignTargets(List.of());
    private long versionAwaited;
    private long quietUntilMillis = Long.MIN_VALUE;
    private boolean leading;

    /**
     * @param leads      whether this broker leads the metadata and has applied all that was committed before
     * @param voters     of the metadata by a committed configuration; empty while that is not known
     * @param wallMillis milliseconds since the epoch, stamped into commands
     */
    ControllerSteps(
            ClusterMetadata metadata,
            BooleanSupplier leads,
            Supplier<Optional<List<PeerId>>> voters,
            Liveness liveness,
            LongSupplier wallMillis,
            ControllerSettings settings) {
        this.metadata = metadata;
        this.leads = leads;
        this.voters = voters;
        this.liveness = liveness;
        this.wallMillis = wallMillis;
        this.settings = settings;
    }

    /**
     * @param nowMillis of the clock by which brokers are heard of
     * @param answered  called, on any thread, when the next step can learn how a command went
     * @return milliseconds until the next step
     */
    long step(long nowMillis, Runnable answered) {
        long interval = settings.interval().toMillis();
        boolean led = leads.getAsBoolean();
        if (led != leading) {
            leading = led;
            liveness.restart();
            LOG.info(
                    "controller {} version={}",
                    led ? "begins" : "ends",
                    metadata.image().version());
        }
        CompletableFuture<Outcome> sent = underWay;
        if (sent != null) {
            if (!sent.isDone()) {
                return interval;
            }
            underWay = null;
            learn(sent, nowMillis);
        }
        MetadataImage image = metadata.image();
        if (!led || image.version() < versionAwaited || nowMillis < quietUntilMillis) {
            return interval;
        }
        next(image, nowMillis).ifPresent(command -> send(command, answered));
        return interval;
    }

    private Optional<? extends MetadataCommand> next(MetadataImage image, long nowMillis) {
        long now = wallMillis.getAsLong();
        Optional<? extends MetadataCommand> fence =
                liveness.change(image, nowMillis, now, settings.sessionTimeout().toMillis());
        if (fence.isPresent()) {
            return fence;
        }
        Optional<ChangeMetadataVoters> change = voters.get().flatMap(present -> changeOf(image, present));
        return change.isPresent() ? change : ControllerPlan.next(image, settings, now);
    }

    /** What the metadata has to be told of its own voters. */
    static Optional<ChangeMetadataVoters> changeOf(MetadataImage image, List<PeerId> voters) {
        MetadataVoters told = new MetadataVoters(voters, VoterRules.target(image, voters));
        return told.sameAs(image.metadataVoters()) ? Optional.empty() : Optional.of(new ChangeMetadataVoters(told));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // underWay is looked at by the next step
    private void send(MetadataCommand command, Runnable answered) {
        LOG.info("controller proposes {}", command);
        proposed = command;
        CompletableFuture<Outcome> sent = metadata.submit(command);
        underWay = sent;
        sent.whenComplete((outcome, failure) -> answered.run());
    }

    private void learn(CompletableFuture<Outcome> sent, long nowMillis) {
        try {
            Outcome outcome = sent.join();
            if (outcome instanceof Outcome.Accepted accepted) {
                versionAwaited = accepted.version();
            } else {
                quietUntilMillis = nowMillis + settings.retryDelay().toMillis();
                LOG.warn("the controller's command is refused command={} outcome={}", proposed, outcome);
            }
        } catch (CompletionException | LogException failed) {
            quietUntilMillis = nowMillis + settings.retryDelay().toMillis();
            LOG.info("the controller's command failed command={} reason={}", proposed, failed.toString());
        }
    }
}
