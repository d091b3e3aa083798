package io.flotilla.chaos.fault.admin;

import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Repetition;
import io.flotilla.chaos.fault.Site;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * N23: leaderships are handed over again and again. One broker after the other is drained for {@code every.ms}, 100 to
 * 30,000 and 1,000 by default, so that it gives its leaderships to whom the cluster likes; {@code changes}, 3 by default,
 * prove it. All brokers take part, whatever the target.
 */
public final class TransferStorm implements LingeringFault {
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration UNDRAIN_TIMEOUT = Duration.ofSeconds(60);

    private final Site site;
    private final FaultSpec spec;
    private final long everyNanos;
    private final long changes;
    private final List<Integer> brokers;
    private final Map<TopicPartition, Integer> epochs = new HashMap<>();
    private int next;
    private @Nullable Repetition storm;

    public TransferStorm(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        Parameters parameters = Parameters.of(spec);
        this.everyNanos = TimeUnit.MILLISECONDS.toNanos(parameters.number("every.ms", 1000, 100, 30_000));
        this.changes = parameters.number("changes", 3, 1, 10_000);
        parameters.requireAllKnown();
        this.brokers = site.cluster().brokerIds();
        this.next = (int) Math.floorMod(seed, (long) brokers.size());
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        epochs.putAll(epochsNow());
        storm = Repetition.start(this::drainNext, Duration.ofMillis(1));
        return brokers;
    }

    private void drainNext() {
        int id = brokers.get(next);
        next = (next + 1) % brokers.size();
        try {
            site.roles().client().admin().drainBroker(id);
            LockSupport.parkNanos(everyNanos);
        } finally {
            site.roles().client().admin().undrainBroker(id);
        }
    }

    private Map<TopicPartition, Integer> epochsNow() {
        Map<TopicPartition, Integer> now = new HashMap<>();
        for (int id : site.cluster().respondingIds()) {
            for (ReplicaDescription replica : site.roles().replicas(id)) {
                now.merge(replica.partition(), replica.leaderEpoch(), Math::max);
            }
        }
        return now;
    }

    @Override
    public String verify() {
        Site.await(
                PROOF_TIMEOUT,
                changes + " changes of leaders",
                () -> changesSoFar() >= changes,
                () -> changesSoFar() + " changes; last failure: "
                        + (storm == null ? "not armed" : storm.lastFailure()));
        return changesSoFar() + " terms began, over all partitions";
    }

    private long changesSoFar() {
        return epochsNow().entrySet().stream()
                .mapToLong(now -> now.getValue() - epochs.getOrDefault(now.getKey(), now.getValue()))
                .filter(more -> more > 0)
                .sum();
    }

    @Override
    public void disarm() {
        if (storm != null) {
            storm.close();
        }
    }

    /** Another fault may have kept the cluster from taking it until now. */
    @Override
    public void settle() {
        if (storm == null) {
            return;
        }
        for (int id : brokers) {
            Site.await(
                    UNDRAIN_TIMEOUT,
                    "broker " + id + " to be given leaderships again",
                    () -> isUndrained(id),
                    () -> "it is drained, or nobody answers");
        }
    }

    private boolean isUndrained(int id) {
        try {
            site.roles().client().admin().undrainBroker(id);
            return true;
        } catch (LogException notServing) {
            return false;
        }
    }
}
