package io.flotilla.metadata;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;

/**
 * A broker as it last registered.
 *
 * @param id                 0 or more
 * @param directoryId        identifies the data folder; a wiped one has another
 * @param grpc               where clients reach it
 * @param raft               where the members of its groups reach it
 * @param rack               failure domain; empty if unknown, which placement treats as a rack of its own
 * @param registeredAtMillis when this incarnation (id and directory) first registered, milliseconds since the epoch
 * @param replicasMax        replicas it has room for; 0 if it did not tell, which sets no bound
 * @param levels             feature levels its release speaks
 * @param status             whether it takes leaderships and replicas
 */
public record BrokerRegistration(
        int id,
        String directoryId,
        Endpoint grpc,
        Endpoint raft,
        String rack,
        long registeredAtMillis,
        int replicasMax,
        FeatureLevels levels,
        BrokerStatus status) {

    /** The voter this broker is now. Replicas assigned to an earlier directory of the same id are not its own. */
    public PeerId peerId() {
        return PeerId.of(id, directoryId);
    }

    public Peer peer() {
        return new Peer(peerId(), raft.host(), raft.port());
    }

    public BrokerRegistration with(BrokerStatus changed) {
        return new BrokerRegistration(
                id, directoryId, grpc, raft, rack, registeredAtMillis, replicasMax, levels, changed);
    }
}
