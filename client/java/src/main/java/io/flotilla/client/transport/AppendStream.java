package io.flotilla.client.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.AppendAck;
import io.flotilla.protocol.v1.AppendBatch;
import io.flotilla.protocol.v1.AppendOpen;
import io.flotilla.protocol.v1.AppendStreamRequest;
import io.flotilla.protocol.v1.AppendStreamResponse;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;

/**
 * One append stream to one partition's leader.
 *
 * <p>Threading: the methods are confined to the owner's thread; the listener is called by network threads, one call at a
 * time.
 */
public final class AppendStream {
    private final BrokerAddress broker;
    private final ClientCall<AppendStreamRequest, AppendStreamResponse> call;
    private final StreamObserver<AppendStreamRequest> requests;

    /** Hears what the broker answers; after {@code closed} nothing comes. */
    public interface Listener {
        /** The broker leads the partition and takes batches. */
        void opened();

        void acknowledged(AppendAck ack);

        void rejected(long correlationId, Failure failure);

        void goAway(GoAway goAway);

        void closed(Failure failure);
    }

    private AppendStream(BrokerAddress broker, Channel channel, Listener listener) {
        this.broker = broker;
        this.call = channel.newCall(ProducerServiceGrpc.getAppendStreamMethod(), CallOptions.DEFAULT);
        this.requests = ClientCalls.asyncBidiStreamingCall(call, new Responses(broker, listener));
    }

    /**
     * Opens a stream without waiting for it: the listener hears how it went.
     *
     * @throws io.flotilla.protocol.error.LogException BROKER_NOT_AVAILABLE if the client is closed
     */
    public static AppendStream open(
            Channels channels, BrokerAddress broker, TopicPartition partition, Listener listener) {
        AppendStream stream = new AppendStream(broker, channels.to(broker), listener);
        stream.requests.onNext(AppendStreamRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPartition(WirePartition.toProto(partition)))
                .build());
        return stream;
    }

    public BrokerAddress broker() {
        return broker;
    }

    /**
     * Sends one batch.
     *
     * @param batch not copied, and not to be changed until it is answered or the stream is closed
     */
    public void send(long correlationId, ByteBuffer batch) {
        requests.onNext(AppendStreamRequest.newBuilder()
                .setBatch(AppendBatch.newBuilder()
                        .setCorrelationId(correlationId)
                        .setRecordBatch(UnsafeByteOperations.unsafeWrap(batch)))
                .build());
    }

    /** Leaves the stream. What was sent and not answered has an unknown outcome. */
    public void cancel() {
        call.cancel("the producer left the stream", null);
    }

    private static final class Responses implements StreamObserver<AppendStreamResponse> {
        private final BrokerAddress broker;
        private final Listener listener;

        Responses(BrokerAddress broker, Listener listener) {
            this.broker = broker;
            this.listener = listener;
        }

        @Override
        public void onNext(AppendStreamResponse response) {
            switch (response.getResponseCase()) {
                case OPENED -> listener.opened();
                case ACK -> listener.acknowledged(response.getAck());
                case REJECT ->
                    listener.rejected(
                            response.getReject().getCorrelationId(),
                            Failure.of(response.getReject().getStatus(), broker));
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
            listener.closed(
                    Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, "broker " + broker + " ended the append stream"));
        }
    }
}
