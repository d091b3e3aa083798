package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.Page;
import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.ReadAssign;
import io.flotilla.protocol.v1.ReadCredit;
import io.flotilla.protocol.v1.ReadOpen;
import io.flotilla.protocol.v1.ReadStreamRequest;
import io.flotilla.protocol.v1.ReadStreamResponse;
import io.flotilla.protocol.v1.RecordChunk;
import io.flotilla.protocol.v1.TopicPartition;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A consumer that grants all the credit there is and then takes nothing off its connection: the broker reads for it no more
 * than {@link ReadSession#UNSENT_BYTES_MAX} and one chunk beyond what the connection has taken.
 */
class SlowConsumerTest {
    private static final int CHUNK_BYTES = 256 << 10;

    /** What this client's end of the connection takes in without being asked for it. */
    private static final int WINDOW_BYTES = 64 << 10;

    private static final int BATCHES = 256;
    private static final String VALUE = "v".repeat(64 << 10);

    @Test
    void shouldCostNoMoreThanAChunkAndDisturbNobody(@TempDir Path folder) throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder, 0));
                WireClient others = new WireClient(cluster.brokers().get(0));
                SlowConsumer slow = new SlowConsumer(
                        cluster.brokers().get(0).grpc().host(),
                        cluster.brokers().get(0).grpc().port())) {
            TopicPartition partition = others.createTopic("slow", 1);
            for (int i = 0; i < BATCHES; i++) {
                others.append(partition, VALUE);
            }
            double before = bytesFetched(cluster);

            slow.open(partition);
            slow.take(1);
            await().atMost(WireClient.PATIENCE).until(() -> bytesFetched(cluster) > before);
            await().during(Duration.ofSeconds(1))
                    .atMost(WireClient.PATIENCE)
                    .until(() -> bytesFetched(cluster)
                            <= before + WINDOW_BYTES + ReadSession.UNSENT_BYTES_MAX + CHUNK_BYTES);
            assertThat(slow.nextOffset).hasValue(0);

            // Others read the same partition, and append to it, as if it were not there.
            long offset = 0;
            while (offset < BATCHES) {
                offset = others.read(partition, offset).getNextOffset();
            }
            assertThat(others.append(partition, "last").getBaseOffset()).isEqualTo(BATCHES);

            // It wakes up, and has missed nothing.
            slow.take(Integer.MAX_VALUE);
            await().atMost(WireClient.PATIENCE).until(() -> slow.nextOffset.get() == BATCHES + 1);
            assertThat(slow.gaps).hasValue(0);
        }
    }

    private static double bytesFetched(EmbeddedCluster cluster) throws IOException, InterruptedException {
        return Page.of(cluster.brokers().get(0), "/metrics").value("flotilla_fetch_bytes_total");
    }

    /** Takes as many messages as it is told to. */
    private static final class SlowConsumer implements AutoCloseable {
        private final ManagedChannel channel;
        private final ClientCall<ReadStreamRequest, ReadStreamResponse> call;
        private final AtomicLong nextOffset = new AtomicLong();
        private final AtomicLong gaps = new AtomicLong();

        SlowConsumer(String host, int port) {
            channel = NettyChannelBuilder.forAddress(host, port)
                    .usePlaintext()
                    .flowControlWindow(WINDOW_BYTES)
                    .build();
            call = channel.newCall(ConsumerServiceGrpc.getReadStreamMethod(), CallOptions.DEFAULT);
        }

        void open(TopicPartition partition) {
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(ReadStreamResponse response) {
                            if (response.hasChunk()) {
                                RecordChunk chunk = response.getChunk();
                                long begin = RecordBatch.at(chunk.getBatches().asReadOnlyByteBuffer(), 0)
                                        .baseOffset();
                                if (begin != nextOffset.getAndSet(chunk.getNextOffset())) {
                                    gaps.incrementAndGet();
                                }
                            }
                        }
                    },
                    new Metadata());
            call.sendMessage(ReadStreamRequest.newBuilder()
                    .setOpen(ReadOpen.newBuilder().setMaxChunkBytes(CHUNK_BYTES))
                    .build());
            call.sendMessage(ReadStreamRequest.newBuilder()
                    .setCredit(ReadCredit.newBuilder().setTotalBytesGranted(Long.MAX_VALUE))
                    .build());
            call.sendMessage(ReadStreamRequest.newBuilder()
                    .setAssign(ReadAssign.newBuilder().setPartition(partition))
                    .build());
        }

        void take(int messages) {
            call.request(messages);
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
