package io.flotilla.broker.formation;

import io.flotilla.broker.identity.Membership;
import io.flotilla.raftlog.raft.Peer;
import java.util.Optional;

/**
 * What a seed says of itself.
 *
 * @param self       its peer id and Raft address
 * @param membership empty while it belongs to no cluster
 * @param seedList   its configured list, as text
 */
record SeedAnswer(Peer self, Optional<Membership> membership, String seedList) {}
