package io.flotilla.client.scripted;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.CreateTopicResponse;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.DescribeTopicsResponse;
import io.flotilla.protocol.v1.PartitionDescription;
import io.flotilla.protocol.v1.TopicDescription;
import io.flotilla.protocol.v1.TopicServiceGrpc;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One scripted broker: serves what it leads, and can be stopped and started on the same port. Threading: safe. */
public final class ScriptedBroker {
    private static final int MESSAGE_BYTES_MAX = 20 << 20;
    private static final long STOP_TIMEOUT_SECONDS = 5;

    final ScriptedCluster cluster;
    final int id;
    final Semaphore readBreaks = new Semaphore(0);
    final AtomicLong chunkBytesSent = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private @Nullable Server server;
    private volatile int port;
    private volatile boolean silent;

    ScriptedBroker(ScriptedCluster cluster, int id) {
        this.cluster = cluster;
        this.id = id;
    }

    /** Listens where it did before, or elsewhere if a connection has taken that port meanwhile. */
    public synchronized void start() throws IOException {
        try {
            listen(port);
        } catch (IOException taken) {
            listen(0);
        }
    }

    private synchronized void listen(int wantedPort) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort))
                .executor(threads)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(new Topics())
                .addService(new ScriptedProducerService(this))
                .addService(new ScriptedConsumerService(this))
                .addService(new ScriptedControl(this).partitions())
                .addService(new ScriptedControl(this).operations())
                .build()
                .start();
        port = server.getPort();
    }

    /** Breaks every connection and refuses new ones. */
    public synchronized void stop() {
        if (server != null) {
            server.shutdownNow();
            try {
                if (!server.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("scripted broker " + id + " does not stop");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            server = null;
        }
    }

    /** From now on takes everything in and answers nothing, with its connections open. */
    public void fallSilent() {
        silent = true;
    }

    boolean isSilent() {
        return silent;
    }

    public BrokerAddress address() {
        return new BrokerAddress("127.0.0.1", port);
    }

    /** Breaks a read stream instead of sending the next chunk, as many times as this is called. */
    public void breakNextChunk() {
        readBreaks.release();
    }

    /** Bytes of batches sent to readers in all. */
    public long chunkBytesSent() {
        return chunkBytesSent.get();
    }

    boolean leads(TopicPartition partition) {
        return cluster.leads(id, partition);
    }

    Throwable error(ErrorCode code, @Nullable TopicPartition partition) {
        return StatusProto.toStatusRuntimeException(cluster.status(code, partition, Map.of()));
    }

    private final class Topics extends TopicServiceGrpc.TopicServiceImplBase {
        @Override
        public void describeTopics(DescribeTopicsRequest request, StreamObserver<DescribeTopicsResponse> answers) {
            if (isSilent()) {
                return;
            }
            DescribeTopicsResponse.Builder response = DescribeTopicsResponse.newBuilder();
            for (String name : request.getNamesList()) {
                Integer count = cluster.topics.get(name);
                if (count == null || cluster.describesTooEarly.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    answers.onError(error(ErrorCode.UNKNOWN_TOPIC, null));
                    return;
                }
                response.addTopics(describe(name, count));
            }
            cluster.brokers().forEach(broker -> response.addBrokers(cluster.endpoint(broker.id)));
            answers.onNext(response.build());
            answers.onCompleted();
        }

        private TopicDescription describe(String name, int count) {
            TopicDescription.Builder topic = TopicDescription.newBuilder()
                    .setName(name)
                    .setTopicId("id-of-" + name)
                    .setReplicationFactor(1);
            for (int p = 0; p < count; p++) {
                TopicPartition partition = new TopicPartition(name, p);
                PartitionDescription.Builder description = PartitionDescription.newBuilder()
                        .setPartition(p)
                        .setLeaderEpoch(cluster.epochs.getOrDefault(partition, 0));
                Integer leader = cluster.leaders.get(partition);
                if (leader != null) {
                    description.setLeaderBrokerId(leader);
                }
                topic.addPartitions(description);
            }
            return topic.build();
        }

        /** The first call has its effect and goes unanswered. */
        @Override
        public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> answers) {
            if (cluster.createCalls.getAndIncrement() == 0) {
                cluster.withTopic(request.getName(), request.getPartitionCount());
                answers.onError(io.grpc.Status.UNAVAILABLE.asRuntimeException());
            } else {
                answers.onError(error(ErrorCode.TOPIC_ALREADY_EXISTS, null));
            }
        }
    }
}
