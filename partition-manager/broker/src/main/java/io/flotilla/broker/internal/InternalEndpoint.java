package io.flotilla.broker.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.identity.DataFolder;
import io.flotilla.broker.identity.Identity;
import io.flotilla.broker.internal.v1.ChangePeerRequest;
import io.flotilla.broker.internal.v1.ChangePeerResponse;
import io.flotilla.broker.internal.v1.ClusterMembership;
import io.flotilla.broker.internal.v1.DescribeMemberRequest;
import io.flotilla.broker.internal.v1.DescribeMemberResponse;
import io.flotilla.broker.internal.v1.DescribeReplicaRequest;
import io.flotilla.broker.internal.v1.DescribeReplicaResponse;
import io.flotilla.broker.internal.v1.DescribeSegmentsRequest;
import io.flotilla.broker.internal.v1.DescribeSegmentsResponse;
import io.flotilla.broker.internal.v1.FollowMetadataRequest;
import io.flotilla.broker.internal.v1.FollowMetadataResponse;
import io.flotilla.broker.internal.v1.HeartbeatRequest;
import io.flotilla.broker.internal.v1.HeartbeatResponse;
import io.flotilla.broker.internal.v1.IdentifyRequest;
import io.flotilla.broker.internal.v1.IdentifyResponse;
import io.flotilla.broker.internal.v1.InternalServiceGrpc.InternalServiceImplBase;
import io.flotilla.broker.internal.v1.ProposeMetadataRequest;
import io.flotilla.broker.internal.v1.ProposeMetadataResponse;
import io.flotilla.broker.internal.v1.ReadHighWatermarksRequest;
import io.flotilla.broker.internal.v1.ReadHighWatermarksResponse;
import io.flotilla.broker.internal.v1.ReadMetadataSnapshotRequest;
import io.flotilla.broker.internal.v1.ReadMetadataSnapshotResponse;
import io.flotilla.broker.internal.v1.ReadSegmentRequest;
import io.flotilla.broker.internal.v1.ReadSegmentResponse;
import io.flotilla.broker.internal.v1.Voter;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code flotilla.internal.v1.InternalService}. It answers Identify from the moment the port is open, the rest once this
 * broker's voter runs.
 */
public final class InternalEndpoint extends InternalServiceImplBase {
    private final BrokerConfig config;
    private final DataFolder folder;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final OpenStreams streams;
    private final Function<Throwable, StatusRuntimeException> errors;
    private volatile @Nullable VoterMetadata voter;
    private volatile @Nullable ServedReplicas replicas;
    private volatile @Nullable ServedPeerChanges peerChanges;
    private volatile @Nullable ServedMembers members;
    private volatile @Nullable ServedOffsets offsets;
    private volatile @Nullable Consumer<PeerId> heartbeats;

    /**
     * @param errors makes the status of a failure
     */
    public InternalEndpoint(
            BrokerConfig config,
            DataFolder folder,
            Executor executor,
            ScheduledExecutorService timer,
            OpenStreams streams,
            Function<Throwable, StatusRuntimeException> errors) {
        this.config = config;
        this.folder = folder;
        this.executor = executor;
        this.timer = timer;
        this.streams = streams;
        this.errors = errors;
    }

    /** From now on this broker answers for the metadata group. */
    public void serve(VoterMetadata running) {
        voter = running;
    }

    /** From now on this broker gives its replicas' files. */
    public void serve(ServedReplicas exported) {
        replicas = exported;
    }

    /** From now on this broker changes the peers of groups it leads. */
    public void serve(ServedPeerChanges changes) {
        peerChanges = changes;
    }

    /** From now on this broker tells how far its replicas have come. */
    public void serve(ServedMembers described) {
        members = described;
    }

    /** From now on this broker tells where partitions end. */
    public void serve(ServedOffsets told) {
        offsets = told;
    }

    /** From now on this voter listens to heartbeats. */
    public void serveHeartbeats(Consumer<PeerId> heard) {
        heartbeats = heard;
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> observer) {
        answer(observer, () -> {
            var unused = voterOf(request.getClusterId());
            Consumer<PeerId> heard = heartbeats;
            if (heard != null) {
                heard.accept(InternalRequests.peerOf(request.getPeerId()));
            }
            return CompletableFuture.completedFuture(HeartbeatResponse.getDefaultInstance());
        });
    }

    @Override
    public void identify(IdentifyRequest request, StreamObserver<IdentifyResponse> observer) {
        Identity identity = folder.identity(); // durable, or it would not be in memory
        IdentifyResponse.Builder response = IdentifyResponse.newBuilder()
                .setNodeId(identity.nodeId())
                .setDirectoryId(identity.directoryId())
                .setRaftHost(config.advertised().internal().host())
                .setRaftPort(config.advertised().internal().port())
                .setSeedList(config.seeds().toString());
        identity.membership().ifPresent(membership -> {
            ClusterMembership.Builder wire = ClusterMembership.newBuilder().setClusterId(membership.clusterId());
            membership
                    .voters()
                    .forEach(peer -> wire.addVoters(Voter.newBuilder()
                            .setPeerId(peer.id().value())
                            .setRaftHost(peer.host())
                            .setRaftPort(peer.port())));
            response.setMembership(wire);
        });
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public void followMetadata(FollowMetadataRequest request, StreamObserver<FollowMetadataResponse> observer) {
        try {
            VoterMetadata source = voterOf(request.getClusterId());
            new MetadataStream(
                            request,
                            (ServerCallStreamObserver<FollowMetadataResponse>) observer,
                            source,
                            executor,
                            timer,
                            streams)
                    .start();
        } catch (Refused refused) {
            observer.onError(errors.apply(refused));
        }
    }

    @Override
    public void proposeMetadata(ProposeMetadataRequest request, StreamObserver<ProposeMetadataResponse> observer) {
        try {
            VoterMetadata leader = voterOf(request.getClusterId());
            MetadataCommand command = CommandFormat.decode(request.getCommand().asReadOnlyByteBuffer());
            var unused = leader.propose(command)
                    .whenCompleteAsync(
                            (outcome, failure) -> {
                                if (failure != null) {
                                    observer.onError(errors.apply(failure));
                                    return;
                                }
                                observer.onNext(ProposeMetadataResponse.newBuilder()
                                        .setOutcome(UnsafeByteOperations.unsafeWrap(OutcomeFormat.encode(outcome)))
                                        .build());
                                observer.onCompleted();
                            },
                            executor);
        } catch (Refused refused) {
            observer.onError(errors.apply(refused));
        } catch (IOException undecodable) {
            observer.onError(errors.apply(new Refused(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "this broker's release does not understand the command: " + undecodable.getMessage()
                            + "; upgrade every broker",
                    Map.of(),
                    undecodable)));
        }
    }

    @Override
    public void describeReplica(DescribeReplicaRequest request, StreamObserver<DescribeReplicaResponse> observer) {
        answer(observer, () -> replicas().describe(request));
    }

    @Override
    public void readSegment(ReadSegmentRequest request, StreamObserver<ReadSegmentResponse> observer) {
        answer(observer, () -> replicas().read(request));
    }

    @Override
    public void describeSegments(DescribeSegmentsRequest request, StreamObserver<DescribeSegmentsResponse> observer) {
        answer(observer, () -> CompletableFuture.completedFuture(replicas().digests(request)));
    }

    @Override
    public void describeMember(DescribeMemberRequest request, StreamObserver<DescribeMemberResponse> observer) {
        answer(observer, () -> {
            ServedMembers described = members;
            if (described == null) {
                throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has not opened its replicas yet");
            }
            return CompletableFuture.completedFuture(described.describe(request));
        });
    }

    @Override
    public void readHighWatermarks(
            ReadHighWatermarksRequest request, StreamObserver<ReadHighWatermarksResponse> observer) {
        answer(observer, () -> {
            ServedOffsets told = offsets;
            if (told == null) {
                throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has not opened its replicas yet");
            }
            return CompletableFuture.completedFuture(told.answer(request));
        });
    }

    @Override
    public void changePeer(ChangePeerRequest request, StreamObserver<ChangePeerResponse> observer) {
        answer(observer, () -> peerChanges().change(request));
    }

    private ServedPeerChanges peerChanges() {
        ServedPeerChanges served = peerChanges;
        if (served == null) {
            throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has not started Raft yet");
        }
        return served;
    }

    @Override
    public void readMetadataSnapshot(
            ReadMetadataSnapshotRequest request, StreamObserver<ReadMetadataSnapshotResponse> observer) {
        answer(observer, () -> {
            ByteBuffer snapshot = voterOf(request.getClusterId()).snapshot(request.getMinIndex());
            return CompletableFuture.completedFuture(ReadMetadataSnapshotResponse.newBuilder()
                    .setSnapshot(UnsafeByteOperations.unsafeWrap(snapshot))
                    .build());
        });
    }

    private ServedReplicas replicas() {
        ServedReplicas exported = replicas;
        if (exported == null) {
            throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has not opened its replicas yet");
        }
        return exported;
    }

    private <T> void answer(StreamObserver<T> observer, Supplier<CompletableFuture<T>> call) {
        try {
            var unused = call.get().whenComplete((response, failure) -> {
                if (failure != null) {
                    observer.onError(errors.apply(failure));
                    return;
                }
                observer.onNext(response);
                observer.onCompleted();
            });
        } catch (LogException refused) {
            observer.onError(errors.apply(refused));
        }
    }

    private VoterMetadata voterOf(String clusterId) {
        VoterMetadata running = voter;
        if (running == null) {
            throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker holds no metadata, or not yet; ask another");
        }
        if (!running.image().clusterId().equals(clusterId)) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "this broker belongs to cluster " + running.image().clusterId() + ", not to " + clusterId);
        }
        return running;
    }
}
