package io.flotilla.benchmarks;

import io.flotilla.client.BrokerAddress;
import io.flotilla.protocol.v1.CommitOffsetsRequest;
import io.flotilla.protocol.v1.CommitOffsetsResponse;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import io.flotilla.protocol.v1.GroupServiceGrpc.GroupServiceStub;
import io.flotilla.protocol.v1.OffsetToCommit;
import io.flotilla.protocol.v1.TopicPartition;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Groups that commit one call after the other, all at once, as plainly as the protocol allows: what is measured is the
 * brokers, as far as one machine lets it be.
 *
 * <p>Threading: one thread starts, watches and closes it.
 */
final class CommitLoad implements AutoCloseable {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final List<ManagedChannel> channels;
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> failures = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private CommitLoad(List<ManagedChannel> channels) {
        this.channels = channels;
    }

    /** @param sortedNanos what each call took */
    record Seen(long calls, double seconds, List<Long> sortedNanos) {}

    static CommitLoad start(BrokerAddress broker, int connections, int groups, String topic, int offsets) {
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            channels.add(ManagedChannelBuilder.forAddress(broker.host(), broker.port())
                    .usePlaintext()
                    .build());
        }
        CommitLoad load = new CommitLoad(channels);
        for (int group = 0; group < groups; group++) {
            load
                    .new Group(
                            GroupServiceGrpc.newStub(channels.get(group % connections)),
                            request("group-" + group, topic, offsets))
                    .next();
        }
        return load;
    }

    private static CommitOffsetsRequest request(String group, String topic, int offsets) {
        CommitOffsetsRequest.Builder request = CommitOffsetsRequest.newBuilder().setGroup(group);
        for (int partition = 0; partition < offsets; partition++) {
            request.addOffsets(OffsetToCommit.newBuilder()
                    .setPartition(TopicPartition.newBuilder().setTopic(topic).setPartition(partition))
                    .setOffset(1));
        }
        return request.build();
    }

    /** Lets the load go on for a while and tells what it did meanwhile. */
    Seen during(Duration duration) {
        nanos.clear();
        long startNanos = System.nanoTime();
        long leftNanos = duration.toNanos();
        while (leftNanos > 0) {
            LockSupport.parkNanos(leftNanos);
            leftNanos = duration.toNanos() - (System.nanoTime() - startNanos);
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long[] seen = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(seen);
        return new Seen(seen.length, seconds, Arrays.stream(seen).boxed().toList());
    }

    void requireNoFailure() {
        if (!failures.isEmpty()) {
            throw new IllegalStateException("commits failed: " + failures.keySet());
        }
    }

    @Override
    public void close() {
        stopping = true;
        channels.forEach(ManagedChannel::shutdown);
        for (ManagedChannel channel : channels) {
            try {
                if (!channel.awaitTermination(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                    channel.shutdownNow();
                }
            } catch (InterruptedException interruption) {
                channel.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One group, with one call under way at a time. A call that fails ends it, and is reported. */
    private final class Group implements StreamObserver<CommitOffsetsResponse> {
        private final GroupServiceStub broker;
        private final CommitOffsetsRequest request;
        private volatile long sentNanos;

        Group(GroupServiceStub broker, CommitOffsetsRequest request) {
            this.broker = broker;
            this.request = request;
        }

        void next() {
            if (!stopping) {
                sentNanos = System.nanoTime();
                broker.commitOffsets(request, this);
            }
        }

        @Override
        public void onNext(CommitOffsetsResponse response) {
            response.getResultsList().stream()
                    .filter(result -> result.hasError())
                    .forEach(result -> failures.put(result.getError().getMessage(), true));
            nanos.add(System.nanoTime() - sentNanos);
        }

        @Override
        public void onError(Throwable failure) {
            if (!stopping) {
                failures.put(failure.toString(), true);
            }
        }

        @Override
        public void onCompleted() {
            next();
        }
    }
}
