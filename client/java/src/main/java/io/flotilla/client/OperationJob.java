package io.flotilla.client;

import java.util.List;

/** What a long operation is to bring about. */
public sealed interface OperationJob {
    <R> R match(Cases<R> cases);

    /** One method per job; a job left out does not compile. */
    interface Cases<R> {
        R decommission(Decommission job);

        R move(Move job);

        R changeReplication(ChangeReplication job);

        R rebalance(Rebalance job);

        R recover(Recover job);

        R other(Other job);
    }

    /** All replicas leave a broker, and then the broker leaves the cluster. */
    record Decommission(int brokerId) implements OperationJob {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.decommission(this);
        }
    }

    /**
     * A partition's replicas go to these brokers.
     *
     * @param partition has the topic's id instead of its name if it was deleted meanwhile
     * @param brokerIds the preferred leader first
     */
    record Move(TopicPartition partition, List<Integer> brokerIds) implements OperationJob {
        public Move {
            brokerIds = List.copyOf(brokerIds);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.move(this);
        }
    }

    /**
     * Every partition of a topic gets as many replicas.
     *
     * @param topic its id instead of its name if it was deleted meanwhile
     */
    record ChangeReplication(String topic, int replicationFactor) implements OperationJob {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.changeReplication(this);
        }
    }

    /** Replicas, and then preferred leaders, are spread evenly over the brokers in service. */
    record Rebalance() implements OperationJob {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.rebalance(this);
        }
    }

    /**
     * A partition that has lost a majority of its replicas goes on from one.
     *
     * @param partition        has the topic's id instead of its name if it was deleted meanwhile
     * @param givenUpBrokerIds whose replicas, and what only they had, were given up
     */
    record Recover(TopicPartition partition, int survivorBrokerId, List<Integer> givenUpBrokerIds)
            implements OperationJob {
        public Recover {
            givenUpBrokerIds = List.copyOf(givenUpBrokerIds);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.recover(this);
        }
    }

    /** One that this client does not know, told by a newer broker. */
    record Other() implements OperationJob {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.other(this);
        }
    }
}
