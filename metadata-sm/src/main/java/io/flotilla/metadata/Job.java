package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.UUID;

/** What a long {@link Operation} is to bring about. */
public sealed interface Job {
    <R> R match(Cases<R> cases);

    /** One method per job; a job left out does not compile. */
    interface Cases<R> {
        R decommission(Decommission job);

        R move(Move job);

        R changeReplication(ChangeReplication job);

        R rebalance(Rebalance job);

        R recover(Recover job);
    }

    /** Takes all replicas away from a broker, and then the broker out of the cluster. */
    record Decommission(int brokerId) implements Job {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.decommission(this);
        }
    }

    /**
     * Puts the replicas of a partition on these peers.
     *
     * @param replicas distinct, the preferred leader first
     */
    record Move(PartitionId partition, List<PeerId> replicas) implements Job {
        public Move {
            replicas = List.copyOf(replicas);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.move(this);
        }
    }

    /** Gives every partition of a topic so many replicas. */
    record ChangeReplication(UUID topicId, int replicationFactor) implements Job {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.changeReplication(this);
        }
    }

    /** Spreads replicas, and then preferred leaders, evenly over the brokers in service. */
    record Rebalance() implements Job {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.rebalance(this);
        }
    }

    /**
     * Gives up all replicas of a partition but one, and with them what only they had. For partitions that have lost a
     * majority of their voters for good.
     *
     * @param survivor    the replica that the partition goes on from
     * @param givenUp     the voters besides
     * @param incarnation that begins with this: one more than the partition's before
     */
    record Recover(PartitionId partition, PeerId survivor, List<PeerId> givenUp, int incarnation) implements Job {
        public Recover {
            givenUp = List.copyOf(givenUp);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.recover(this);
        }
    }
}
