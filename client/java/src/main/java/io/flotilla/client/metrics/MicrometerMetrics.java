package io.flotilla.client.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Reports to a registry of Micrometer, which the application has to have on its class path. Producers share their meters,
 * consumers of one group theirs: counters add up, gauges are the sum, or the most, of those that are open.
 *
 * <p>One for each registry and set of tags: of two gauges with the same name and tags a registry keeps the first.
 *
 * <p>Threading: safe.
 */
public final class MicrometerMetrics implements ClientMetrics {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Set<ProducerState> producers = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Set<ConsumerState>> consumers = new ConcurrentHashMap<>();

    private MicrometerMetrics(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        sum(ClientMeter.BUFFER_USED, tags, producers, ProducerState::bufferBytesUsed);
        sum(ClientMeter.BUFFER_MAX, tags, producers, ProducerState::bufferBytesMax);
        sum(ClientMeter.BATCHES_IN_FLIGHT, tags, producers, ProducerState::batchesInFlight);
    }

    /**
     * @param tags on every meter, for instance to tell two clients of one application apart; may be none
     */
    public static MicrometerMetrics of(MeterRegistry registry, String... tags) {
        return new MicrometerMetrics(registry, Tags.of(tags));
    }

    @Override
    public ProducerMetrics producer(ProducerState state) {
        producers.add(state);
        return new Producing(state);
    }

    @Override
    public ConsumerMetrics consumer(String group, ConsumerState state) {
        Tags ofGroup = tags.and(ClientMeter.GROUP_TAG, group);
        Set<ConsumerState> members = consumers.computeIfAbsent(group, first -> {
            Set<ConsumerState> open = ConcurrentHashMap.newKeySet();
            sum(ClientMeter.LAG, ofGroup, open, ConsumerState::lagRecords);
            gauge(ClientMeter.LAG_MAX, ofGroup, open).accept(set -> set.stream()
                    .mapToLong(ConsumerState::lagRecordsMax)
                    .max()
                    .orElse(0));
            return open;
        });
        members.add(state);
        return new Consuming(ofGroup, members, state);
    }

    private <T> void sum(ClientMeter meter, Tags onMeter, Set<T> open, ToLongFunction<T> value) {
        gauge(meter, onMeter, open).accept(set -> set.stream().mapToLong(value).sum());
    }

    private <T> java.util.function.Consumer<ToLongFunction<Set<T>>> gauge(
            ClientMeter meter, Tags onMeter, Set<T> open) {
        return value -> Gauge.builder(meter.meterName(), open, value::applyAsLong)
                .strongReference(true)
                .tags(onMeter)
                .baseUnit(meter.unit())
                .description(meter.meaning())
                .register(registry);
    }

    private Counter counter(ClientMeter meter, Tags onMeter) {
        return Counter.builder(meter.meterName())
                .tags(onMeter)
                .baseUnit(meter.unit())
                .description(meter.meaning())
                .register(registry);
    }

    private Timer timer(ClientMeter meter, Tags onMeter) {
        return Timer.builder(meter.meterName())
                .tags(onMeter)
                .description(meter.meaning())
                .register(registry);
    }

    private final class Producing implements ProducerMetrics {
        private final ProducerState state;
        private final Counter recordsSent = counter(ClientMeter.RECORDS_SENT, tags);
        private final Counter bytesSent = counter(ClientMeter.BYTES_SENT, tags);
        private final Counter acknowledged = counter(ClientMeter.RECORDS_ACKNOWLEDGED, tags);
        private final Counter failed = counter(ClientMeter.RECORDS_FAILED, tags);
        private final Counter retried = counter(ClientMeter.BATCHES_RETRIED, tags);
        private final Timer latency = timer(ClientMeter.REQUEST_LATENCY, tags);
        private final DistributionSummary batchSize = DistributionSummary.builder(ClientMeter.BATCH_SIZE.meterName())
                .tags(tags)
                .baseUnit(ClientMeter.BATCH_SIZE.unit())
                .description(ClientMeter.BATCH_SIZE.meaning())
                .register(registry);

        Producing(ProducerState state) {
            this.state = state;
        }

        @Override
        public void batchSent(int records, int bytes) {
            recordsSent.increment(records);
            bytesSent.increment(bytes);
            batchSize.record(bytes);
        }

        @Override
        public void batchSentAgain() {
            retried.increment();
        }

        @Override
        public void acknowledged(int records, long nanos) {
            acknowledged.increment(records);
            latency.record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void failed(int records) {
            failed.increment(records);
        }

        @Override
        public void closed() {
            producers.remove(state);
        }
    }

    private final class Consuming implements ConsumerMetrics {
        private final Set<ConsumerState> members;
        private final ConsumerState state;
        private final Counter bytesReceived;
        private final Counter recordsReturned;
        private final Counter rebalances;
        private final Counter commitsFailed;
        private final Counter valuesLeftOut;
        private final Timer pollInterval;
        private final Timer commitLatency;

        Consuming(Tags ofGroup, Set<ConsumerState> members, ConsumerState state) {
            this.members = members;
            this.state = state;
            this.bytesReceived = counter(ClientMeter.BYTES_RECEIVED, ofGroup);
            this.recordsReturned = counter(ClientMeter.RECORDS_RETURNED, ofGroup);
            this.rebalances = counter(ClientMeter.REBALANCES, ofGroup);
            this.commitsFailed = counter(ClientMeter.COMMITS_FAILED, ofGroup);
            this.valuesLeftOut = counter(ClientMeter.VALUES_LEFT_OUT, ofGroup);
            this.pollInterval = timer(ClientMeter.POLL_INTERVAL, ofGroup);
            this.commitLatency = timer(ClientMeter.COMMIT_LATENCY, ofGroup);
        }

        @Override
        public void received(int bytes) {
            bytesReceived.increment(bytes);
        }

        @Override
        public void returned(int records) {
            recordsReturned.increment(records);
        }

        @Override
        public void polledAfter(long nanos) {
            pollInterval.record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void rebalanced() {
            rebalances.increment();
        }

        @Override
        public void committed(long nanos) {
            commitLatency.record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void commitFailed() {
            commitsFailed.increment();
        }

        @Override
        public void valueLeftOut() {
            valuesLeftOut.increment();
        }

        @Override
        public void closed() {
            members.remove(state);
        }
    }
}
