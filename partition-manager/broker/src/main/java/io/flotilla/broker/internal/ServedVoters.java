package io.flotilla.broker.internal;

import io.flotilla.broker.config.HostPort;
import io.flotilla.broker.internal.v1.Contact;
import io.flotilla.broker.internal.v1.DescribeVotersRequest;
import io.flotilla.broker.internal.v1.DescribeVotersResponse;
import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.broker.metadata.VoterMetadata;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Tells who votes on the metadata.
 *
 * <p>Threading: safe for all threads.
 */
public final class ServedVoters {
    private final BrokerMetadata metadata;
    private final Supplier<Optional<VoterMetadata>> voter;
    private final VoterContacts contacts;

    /** @param voter that of this broker, while it has one */
    public ServedVoters(BrokerMetadata metadata, Supplier<Optional<VoterMetadata>> voter, VoterContacts contacts) {
        this.metadata = metadata;
        this.voter = voter;
        this.contacts = contacts;
    }

    CompletableFuture<DescribeVotersResponse> describe(DescribeVotersRequest request) {
        InternalRequests.requireCluster(metadata.image().clusterId(), request.getClusterId());
        return voter.get()
                .map(VoterMetadata::confirmedVoters)
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()))
                .thenApply(this::answer);
    }

    private DescribeVotersResponse answer(List<Peer> committed) {
        Quorum quorum = metadata.quorum();
        DescribeVotersResponse.Builder answer = DescribeVotersResponse.newBuilder()
                .addAllCommitted(
                        committed.stream().map(Peer::id).map(PeerId::value).toList());
        quorum.leader().ifPresent(answer::setLeaderBrokerId);
        for (int id : quorum.voters()) {
            addressOf(id)
                    .ifPresent(grpc -> answer.addContacts(Contact.newBuilder()
                            .setBrokerId(id)
                            .setGrpcHost(grpc.host())
                            .setGrpcPort(grpc.port())));
        }
        return answer.build();
    }

    private Optional<HostPort> addressOf(int brokerId) {
        return metadata.image()
                .broker(brokerId)
                .map(BrokerRegistration::grpc)
                .map(grpc -> new HostPort(grpc.host(), grpc.port()))
                .or(() -> contacts.addressOf(brokerId));
    }
}
