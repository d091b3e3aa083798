package io.flotilla.client.transport;

import com.google.protobuf.Duration;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.ReadAssign;
import io.flotilla.protocol.v1.ReadCredit;
import io.flotilla.protocol.v1.ReadHeartbeat;
import io.flotilla.protocol.v1.ReadOpen;
import io.flotilla.protocol.v1.ReadStreamRequest;
import io.flotilla.protocol.v1.ReadStreamResponse;
import io.flotilla.protocol.v1.ReadUnassign;
import io.flotilla.protocol.v1.RecordChunk;
import io.flotilla.protocol.v1.RecordFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;

/**
 * One read stream to one broker, for all the partitions that a consumer reads there.
 *
 * <p>Threading: the methods must not be called by two threads at once; the listener is called by network threads, one
 * call at a time.
 */
public final class ReadStream {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int MILLIS_PER_SECOND = 1_000;

    private final ClientCall<ReadStreamRequest, ReadStreamResponse> call;
    private final StreamObserver<ReadStreamRequest> requests;

    /** Hears what the broker sends; after {@code closed} nothing comes. */
    public interface Listener {
        void opened();

        void chunk(RecordChunk chunk);

        void heartbeat(ReadHeartbeat heartbeat);

        /** The broker stopped reading one partition. */
        void ended(TopicPartition partition, long assignmentId, Failure failure);

        void goAway(GoAway goAway);

        void closed(Failure failure);
    }

    private ReadStream(BrokerAddress broker, Channel channel, Listener listener) {
        this.call = channel.newCall(ConsumerServiceGrpc.getReadStreamMethod(), CallOptions.DEFAULT);
        this.requests = ClientCalls.asyncBidiStreamingCall(call, new Responses(broker, listener));
    }

    /**
     * Opens a stream without waiting for it: the listener hears how it went.
     *
     * @throws io.flotilla.protocol.error.LogException BROKER_NOT_AVAILABLE if the client is closed
     */
    public static ReadStream open(
            Channels channels, BrokerAddress broker, ConsumerSettings settings, Listener listener) {
        ReadStream stream = new ReadStream(broker, channels.to(broker), listener);
        long heartbeatMillis = settings.heartbeatInterval().toMillis();
        stream.requests.onNext(ReadStreamRequest.newBuilder()
                .setOpen(ReadOpen.newBuilder()
                        .setFormat(RecordFormat.RECORD_FORMAT_BATCHES)
                        .setMaxChunkBytes(settings.chunkBytes())
                        .setHeartbeatInterval(Duration.newBuilder()
                                .setSeconds(heartbeatMillis / MILLIS_PER_SECOND)
                                .setNanos((int) (heartbeatMillis % MILLIS_PER_SECOND) * NANOS_PER_MILLI)))
                .build());
        return stream;
    }

    /**
     * @param totalBytes bytes that the broker may have sent in all since the stream was opened
     */
    public void grant(long totalBytes) {
        requests.onNext(ReadStreamRequest.newBuilder()
                .setCredit(ReadCredit.newBuilder().setTotalBytesGranted(totalBytes))
                .build());
    }

    public void assign(TopicPartition partition, long offset, long assignmentId) {
        requests.onNext(ReadStreamRequest.newBuilder()
                .setAssign(ReadAssign.newBuilder()
                        .setPartition(WirePartition.toProto(partition))
                        .setOffset(offset)
                        .setAssignmentId(assignmentId))
                .build());
    }

    public void unassign(TopicPartition partition) {
        requests.onNext(ReadStreamRequest.newBuilder()
                .setUnassign(ReadUnassign.newBuilder().setPartition(WirePartition.toProto(partition)))
                .build());
    }

    public void cancel() {
        call.cancel("the consumer left the stream", null);
    }

    private static final class Responses implements StreamObserver<ReadStreamResponse> {
        private final BrokerAddress broker;
        private final Listener listener;

        Responses(BrokerAddress broker, Listener listener) {
            this.broker = broker;
            this.listener = listener;
        }

        @Override
        public void onNext(ReadStreamResponse response) {
            switch (response.getResponseCase()) {
                case OPENED -> listener.opened();
                case CHUNK -> listener.chunk(response.getChunk());
                case HEARTBEAT -> listener.heartbeat(response.getHeartbeat());
                case END ->
                    listener.ended(
                            WirePartition.fromProto(response.getEnd().getPartition()),
                            response.getEnd().getAssignmentId(),
                            Failure.of(response.getEnd().getStatus(), broker));
                case GO_AWAY -> listener.goAway(response.getGoAway());
                case RESPONSE_NOT_SET -> {
                    // A kind of message newer than this client, which is free to ignore it.
                }
            }
        }

        @Override
        public void onError(Throwable thrown) {
            listener.closed(Failure.of(thrown, broker));
        }

        @Override
        public void onCompleted() {
            listener.closed(Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, "broker " + broker + " ended the read stream"));
        }
    }
}
