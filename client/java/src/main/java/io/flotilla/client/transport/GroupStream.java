package io.flotilla.client.transport;

import io.flotilla.client.BrokerAddress;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.GroupAssignment;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import io.flotilla.protocol.v1.GroupSubscription;
import io.flotilla.protocol.v1.JoinGroupAcknowledge;
import io.flotilla.protocol.v1.JoinGroupHeartbeat;
import io.flotilla.protocol.v1.JoinGroupLeave;
import io.flotilla.protocol.v1.JoinGroupOpen;
import io.flotilla.protocol.v1.JoinGroupOpened;
import io.flotilla.protocol.v1.JoinGroupRequest;
import io.flotilla.protocol.v1.JoinGroupResponse;
import io.flotilla.protocol.v1.JoinGroupSubscribe;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;

/**
 * One group member's stream to its coordinator.
 *
 * <p>Threading: the methods must not be called by two threads at once; the listener is called by network threads, one
 * call at a time.
 */
public final class GroupStream {
    private final BrokerAddress broker;
    private final ClientCall<JoinGroupRequest, JoinGroupResponse> call;
    private final StreamObserver<JoinGroupRequest> requests;

    /** Hears what the coordinator sends; after {@code closed} nothing comes. */
    public interface Listener {
        void opened(JoinGroupOpened opened);

        void assignment(GroupAssignment assignment);

        /** The coordinator answered a heartbeat. */
        void heartbeat();

        void goAway(GoAway goAway);

        void closed(Failure failure);
    }

    private GroupStream(BrokerAddress broker, Channel channel, Listener listener) {
        this.broker = broker;
        this.call = channel.newCall(GroupServiceGrpc.getJoinGroupMethod(), CallOptions.DEFAULT);
        this.requests = ClientCalls.asyncBidiStreamingCall(call, new Responses(broker, listener));
    }

    /**
     * Opens a stream without waiting for it: the listener hears how it went.
     *
     * @throws io.flotilla.protocol.error.LogException BROKER_NOT_AVAILABLE if the client is closed
     */
    public static GroupStream open(Channels channels, BrokerAddress broker, JoinGroupOpen open, Listener listener) {
        GroupStream stream = new GroupStream(broker, channels.to(broker), listener);
        stream.requests.onNext(JoinGroupRequest.newBuilder().setOpen(open).build());
        return stream;
    }

    public BrokerAddress broker() {
        return broker;
    }

    public void heartbeat() {
        requests.onNext(JoinGroupRequest.newBuilder()
                .setHeartbeat(JoinGroupHeartbeat.getDefaultInstance())
                .build());
    }

    public void acknowledge(int assignmentVersion) {
        requests.onNext(JoinGroupRequest.newBuilder()
                .setAcknowledge(JoinGroupAcknowledge.newBuilder().setAssignmentVersion(assignmentVersion))
                .build());
    }

    public void subscribe(GroupSubscription subscription) {
        requests.onNext(JoinGroupRequest.newBuilder()
                .setSubscribe(JoinGroupSubscribe.newBuilder().setSubscription(subscription))
                .build());
    }

    /** The coordinator ends the stream once the member is out. */
    public void leave(boolean keepPlace) {
        requests.onNext(JoinGroupRequest.newBuilder()
                .setLeave(JoinGroupLeave.newBuilder().setKeepPlace(keepPlace))
                .build());
    }

    /** Ends the stream, not the membership. */
    public void cancel() {
        call.cancel("the member left the stream", null);
    }

    private static final class Responses implements StreamObserver<JoinGroupResponse> {
        private final BrokerAddress broker;
        private final Listener listener;

        Responses(BrokerAddress broker, Listener listener) {
            this.broker = broker;
            this.listener = listener;
        }

        @Override
        public void onNext(JoinGroupResponse response) {
            switch (response.getResponseCase()) {
                case OPENED -> listener.opened(response.getOpened());
                case ASSIGNMENT -> listener.assignment(response.getAssignment());
                case HEARTBEAT -> listener.heartbeat();
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
            listener.closed(Failure.of(ErrorCode.BROKER_NOT_AVAILABLE, "broker " + broker + " ended the group stream"));
        }
    }
}
