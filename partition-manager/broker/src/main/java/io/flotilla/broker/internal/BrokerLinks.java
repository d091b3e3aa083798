package io.flotilla.broker.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.group.PartitionEnds;
import io.flotilla.broker.group.RecordPosition;
import io.flotilla.broker.identity.VoterContact;
import io.flotilla.broker.internal.v1.ChangePeerRequest;
import io.flotilla.broker.internal.v1.ChangePeerResponse;
import io.flotilla.broker.internal.v1.DescribeMemberRequest;
import io.flotilla.broker.internal.v1.DescribeMemberResponse;
import io.flotilla.broker.internal.v1.DescribeReplicaRequest;
import io.flotilla.broker.internal.v1.DescribeReplicaResponse;
import io.flotilla.broker.internal.v1.DescribeSegmentsRequest;
import io.flotilla.broker.internal.v1.DescribeSegmentsResponse;
import io.flotilla.broker.internal.v1.DescribeVotersRequest;
import io.flotilla.broker.internal.v1.DescribeVotersResponse;
import io.flotilla.broker.internal.v1.FollowMetadataRequest;
import io.flotilla.broker.internal.v1.HeartbeatRequest;
import io.flotilla.broker.internal.v1.HeartbeatResponse;
import io.flotilla.broker.internal.v1.IdentifyRequest;
import io.flotilla.broker.internal.v1.IdentifyResponse;
import io.flotilla.broker.internal.v1.InternalServiceGrpc;
import io.flotilla.broker.internal.v1.InternalServiceGrpc.InternalServiceStub;
import io.flotilla.broker.internal.v1.ProposeMetadataRequest;
import io.flotilla.broker.internal.v1.ProposeMetadataResponse;
import io.flotilla.broker.internal.v1.ReadHighWatermarksRequest;
import io.flotilla.broker.internal.v1.ReadHighWatermarksResponse;
import io.flotilla.broker.internal.v1.ReadMetadataSnapshotRequest;
import io.flotilla.broker.internal.v1.ReadMetadataSnapshotResponse;
import io.flotilla.broker.internal.v1.ReadSegmentRequest;
import io.flotilla.broker.internal.v1.ReadSegmentResponse;
import io.flotilla.broker.internal.v1.Voter;
import io.flotilla.broker.network.BrokerNetwork;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Calls to other brokers, over one connection to each.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class BrokerLinks implements AutoCloseable {
    /** Largest message between brokers: an image of some hundred thousand partitions. */
    static final int MESSAGE_BYTES_MAX = 64 << 20;

    private static final Duration IDENTIFY_DEADLINE = Duration.ofSeconds(2);
    private static final Duration PROPOSE_DEADLINE = Duration.ofSeconds(5);
    /** The called broker reads the replica's segments once; what it got done counts for the next call. */
    private static final Duration DESCRIBE_DEADLINE = Duration.ofMinutes(1);

    /** A broker that is gone is not waited for: the caller wants to know that, too. */
    private static final Duration MEMBER_DEADLINE = Duration.ofSeconds(2);

    private static final Duration READ_DEADLINE = Duration.ofSeconds(10);
    /** A dead connection is noticed after the two together. */
    private static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(10);

    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(5);

    private final VoterContacts contacts;
    private final Executor executor;
    private final BrokerNetwork network;

    /** One for each address a broker of the cluster had while this process lives. */
    private final Map<HostPort, ManagedChannel> channels = new ConcurrentHashMap<>();

    /**
     * @param contacts where brokers are reached that the metadata does not name (yet)
     * @param executor runs callbacks
     * @param network  that connections go through
     */
    public BrokerLinks(VoterContacts contacts, Executor executor, BrokerNetwork network) {
        this.contacts = contacts;
        this.executor = executor;
        this.network = network;
    }

    /** Asks a broker who it is. Fails if it does not answer within two seconds. */
    public CompletableFuture<IdentifyResponse> identify(HostPort address) {
        Answer<IdentifyResponse> answer = new Answer<>(address.toString());
        stub(address)
                .withDeadlineAfter(IDENTIFY_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .identify(IdentifyRequest.getDefaultInstance(), answer);
        return answer.future;
    }

    /**
     * Has the broker apply a command, which it does if it leads the metadata group.
     *
     * @param image says where the broker is reached
     */
    public CompletableFuture<Outcome> proposeMetadata(int brokerId, MetadataImage image, MetadataCommand command) {
        ProposeMetadataRequest request = ProposeMetadataRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setCommand(UnsafeByteOperations.unsafeWrap(CommandFormat.encode(command)))
                .build();
        return this.<ProposeMetadataResponse>ask(
                        brokerId, image, PROPOSE_DEADLINE, (stub, answer) -> stub.proposeMetadata(request, answer))
                .thenApply(response -> outcome(brokerId, response));
    }

    private static Outcome outcome(int brokerId, ProposeMetadataResponse response) {
        try {
            return OutcomeFormat.decode(response.getOutcome().asReadOnlyByteBuffer());
        } catch (IOException undecodable) {
            throw new Refused(
                    ErrorCode.INTERNAL,
                    "broker " + brokerId + " answered what this release does not understand: " + undecodable,
                    Map.of(),
                    undecodable);
        }
    }

    /**
     * Follows the broker's metadata until the stream ends or the returned action is run.
     *
     * @param image       says where the broker is reached, and the cluster; no older image is given to the feed
     * @param fingerprint of the image, from which it is led on then; empty to begin with a whole image
     */
    public Runnable followMetadata(int brokerId, MetadataImage image, OptionalInt fingerprint, MetadataFeed feed) {
        Optional<HostPort> address = addressOf(brokerId, image);
        if (address.isEmpty()) {
            feed.ended(brokerId, "its address is unknown");
            return () -> {};
        }
        CancellableContext context = Context.ROOT.withCancellation();
        FollowMetadataRequest.Builder request = FollowMetadataRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setKnownVersion(image.version());
        fingerprint.ifPresent(request::setKnownFingerprint);
        Runnable stop = () -> context.cancel(null);
        MetadataReader reader = new MetadataReader(
                brokerId, image.version(), fingerprint.isPresent() ? Optional.of(image) : Optional.empty(), feed, stop);
        context.run(() -> stub(address.get()).followMetadata(request.build(), reader));
        return stop;
    }

    /** Asks a broker for the manifest of its replica of a group, in the form of {@code ReplicaManifest}. */
    public CompletableFuture<ByteBuffer> describeReplica(
            int brokerId, MetadataImage image, GroupId group, long minIndex) {
        DescribeReplicaRequest request = DescribeReplicaRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setGroupId(group.toString())
                .setMinIndex(minIndex)
                .build();
        return this.<DescribeReplicaResponse>ask(
                        brokerId, image, DESCRIBE_DEADLINE, (stub, answer) -> stub.describeReplica(request, answer))
                .thenApply(response -> response.getManifest().asReadOnlyByteBuffer());
    }

    /** Asks a broker how far its replica of a group has come. Fails if it does not answer within two seconds. */
    public CompletableFuture<DescribeMemberResponse> describeMember(int brokerId, MetadataImage image, GroupId group) {
        DescribeMemberRequest request = DescribeMemberRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setGroupId(group.toString())
                .build();
        return ask(brokerId, image, MEMBER_DEADLINE, (stub, answer) -> stub.describeMember(request, answer));
    }

    /** Reads bytes of a segment of a broker's replica. */
    public CompletableFuture<ByteBuffer> readSegment(
            int brokerId, MetadataImage image, GroupId group, long baseOffset, int position, int length) {
        ReadSegmentRequest request = ReadSegmentRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setGroupId(group.toString())
                .setBaseOffset(baseOffset)
                .setPosition(position)
                .setLength(length)
                .build();
        return this.<ReadSegmentResponse>ask(
                        brokerId, image, READ_DEADLINE, (stub, answer) -> stub.readSegment(request, answer))
                .thenApply(response -> response.getData().asReadOnlyByteBuffer());
    }

    /** Asks a broker for what it knows of the full segments of its replica. */
    CompletableFuture<List<SegmentSummary>> describeSegments(int brokerId, MetadataImage image, GroupId group) {
        DescribeSegmentsRequest request = DescribeSegmentsRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setGroupId(group.toString())
                .build();
        return this.<DescribeSegmentsResponse>ask(
                        brokerId, image, READ_DEADLINE, (stub, answer) -> stub.describeSegments(request, answer))
                .thenApply(response -> response.getSegmentsList().stream()
                        .map(known -> new SegmentSummary(known.getBaseOffset(), known.getBytes(), known.getCrc()))
                        .toList());
    }

    /**
     * Has the broker, which does so if it leads the group, make this broker's peer a voter or take it out.
     *
     * @param peer  this broker's own
     * @param seeds that this broker is configured with and is one of, 0 if it is none
     */
    CompletableFuture<ChangePeerResponse> changePeer(
            int brokerId, MetadataImage image, GroupId group, Peer peer, boolean voter, int seeds, Duration deadline) {
        ChangePeerRequest request = ChangePeerRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setGroupId(group.toString())
                .setPeer(Voter.newBuilder()
                        .setPeerId(peer.id().value())
                        .setRaftHost(peer.host())
                        .setRaftPort(peer.port()))
                .setVoter(voter)
                .setSeeds(seeds)
                .build();
        return ask(brokerId, image, deadline, (stub, answer) -> stub.changePeer(request, answer));
    }

    /** Asks a broker who votes on the metadata, and remembers whom it names. */
    public CompletableFuture<DescribeVotersResponse> describeVoters(int brokerId, MetadataImage image) {
        DescribeVotersRequest request = DescribeVotersRequest.newBuilder()
                .setClusterId(image.clusterId())
                .build();
        return this.<DescribeVotersResponse>ask(
                        brokerId, image, MEMBER_DEADLINE, (stub, answer) -> stub.describeVoters(request, answer))
                .thenApply(response -> {
                    contacts.told(response.getContactsList().stream()
                            .map(contact -> new VoterContact(
                                    contact.getBrokerId(), new HostPort(contact.getGrpcHost(), contact.getGrpcPort())))
                            .toList());
                    return response;
                });
    }

    /** Asks a voter for its metadata, in the form of the file of a snapshot. */
    CompletableFuture<ByteBuffer> readMetadataSnapshot(int brokerId, MetadataImage image, long minIndex) {
        ReadMetadataSnapshotRequest request = ReadMetadataSnapshotRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setMinIndex(minIndex)
                .build();
        return this.<ReadMetadataSnapshotResponse>ask(
                        brokerId, image, READ_DEADLINE, (stub, answer) -> stub.readMetadataSnapshot(request, answer))
                .thenApply(response -> response.getSnapshot().asReadOnlyByteBuffer());
    }

    /** Tells a voter of the metadata that this broker is alive. */
    public CompletableFuture<Void> heartbeat(int brokerId, MetadataImage image, PeerId self, Duration deadline) {
        HeartbeatRequest request = HeartbeatRequest.newBuilder()
                .setClusterId(image.clusterId())
                .setPeerId(self.value())
                .build();
        return this.<HeartbeatResponse>ask(brokerId, image, deadline, (stub, answer) -> stub.heartbeat(request, answer))
                .thenAccept(answered -> {});
    }

    /**
     * Asks a broker where partitions end, and when the records at positions were made. Fails if it does not answer within
     * two seconds.
     *
     * @return without those of which it has no replica
     */
    public CompletableFuture<PartitionEnds> readHighWatermarks(
            int brokerId,
            MetadataImage image,
            Collection<PartitionId> partitions,
            Collection<RecordPosition> positions) {
        ReadHighWatermarksRequest request = ServedOffsets.request(image.clusterId(), partitions, positions);
        return this.<ReadHighWatermarksResponse>ask(
                        brokerId, image, MEMBER_DEADLINE, (stub, answer) -> stub.readHighWatermarks(request, answer))
                .thenApply(response -> ServedOffsets.known(request, response));
    }

    private <T> CompletableFuture<T> ask(
            int brokerId, MetadataImage image, Duration deadline, BiConsumer<InternalServiceStub, Answer<T>> call) {
        Optional<HostPort> address = addressOf(brokerId, image);
        if (address.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "the address of broker " + brokerId + " is unknown"));
        }
        Answer<T> answer = new Answer<>("broker " + brokerId);
        call.accept(stub(address.get()).withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS), answer);
        return answer.future.whenComplete((response, failure) -> {
            if (failure instanceof LogException refused && refused.code() == ErrorCode.BROKER_NOT_AVAILABLE) {
                contacts.failed(brokerId, address.get());
            }
        });
    }

    private Optional<HostPort> addressOf(int brokerId, MetadataImage image) {
        return image.broker(brokerId)
                .map(BrokerRegistration::grpc)
                .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
                .or(() -> contacts.addressOf(brokerId));
    }

    private InternalServiceStub stub(HostPort address) {
        ManagedChannel channel = channels.computeIfAbsent(address, this::connect);
        channel.resetConnectBackoff(); // callers pause by themselves, and for less than the channel would
        return InternalServiceGrpc.newStub(channel);
    }

    private ManagedChannel connect(HostPort address) {
        return network.calling(NettyChannelBuilder.forAddress(address.host(), address.port()))
                .usePlaintext()
                .executor(executor)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .keepAliveTime(KEEPALIVE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }

    /** The one response of a unary call. */
    private static final class Answer<T> implements StreamObserver<T> {
        private final String broker;
        private final CompletableFuture<T> future = new CompletableFuture<>();

        Answer(String broker) {
            this.broker = broker;
        }

        @Override
        public void onNext(T response) {
            future.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(RemoteErrors.of(failure, broker));
        }

        @Override
        public void onCompleted() {
            future.completeExceptionally(
                    new Refused(ErrorCode.BROKER_NOT_AVAILABLE, broker + " ended the call without an answer"));
        }
    }
}
