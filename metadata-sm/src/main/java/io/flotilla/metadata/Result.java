package io.flotilla.metadata;

import io.flotilla.metadata.group.GroupResult;

/** What an accepted command brought about, one record per command. */
public sealed interface Result {
    <R> R match(Cases<R> cases);

    /** One method per result; a result left out does not compile. */
    interface Cases<R> {
        R brokerRegistered(BrokerRegistered result);

        R topicCreated(TopicCreated result);

        R topicDeleted(TopicDeleted result);

        R leadersReported(LeadersReported result);

        R producerIdsAllocated(ProducerIdsAllocated result);

        R brokerChanged(BrokerChanged result);

        R operationChanged(OperationChanged result);

        R targetsAssigned(TargetsAssigned result);

        R partitionsAdded(PartitionsAdded result);

        R topicConfigAltered(TopicConfigAltered result);

        R topicUndeleted(TopicUndeleted result);

        R topicPurged(TopicPurged result);

        R featureLevelRaised(FeatureLevelRaised result);

        R groupsChanged(GroupsChanged result);
    }

    /** The registration now in force. */
    record BrokerRegistered(BrokerRegistration broker) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.brokerRegistered(this);
        }
    }

    /** The topic with its placement. */
    record TopicCreated(Topic topic) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.topicCreated(this);
        }
    }

    /**
     * The topic as it was.
     *
     * @param purgeAtMillis until when it can be undeleted, milliseconds since the epoch; 0 if it was purged at once
     */
    record TopicDeleted(Topic topic, long purgeAtMillis) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.topicDeleted(this);
        }
    }

    /**
     * @param changed how many reports were news, 0 or more
     */
    record LeadersReported(int changed) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.leadersReported(this);
        }
    }

    /** The topic with all its partitions. */
    record PartitionsAdded(Topic topic) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.partitionsAdded(this);
        }
    }

    /** The topic with all its settings. */
    record TopicConfigAltered(Topic topic) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.topicConfigAltered(this);
        }
    }

    /** The topic that is back. */
    record TopicUndeleted(Topic topic) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.topicUndeleted(this);
        }
    }

    /**
     * @param wasKept false if somebody else had purged it before
     */
    record TopicPurged(boolean wasKept) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.topicPurged(this);
        }
    }

    /**
     * @param level at which the cluster is now
     */
    record FeatureLevelRaised(int level) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.featureLevelRaised(this);
        }
    }

    /** The ids {@code [first, first + count)} belong to the proposer. */
    record ProducerIdsAllocated(long first, int count) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.producerIdsAllocated(this);
        }
    }

    /** The broker as it is now. */
    record BrokerChanged(BrokerRegistration broker) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.brokerChanged(this);
        }
    }

    /** The operation as it is now. */
    record OperationChanged(Operation operation) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.operationChanged(this);
        }
    }

    /**
     * @param changed how many partitions got another target, 0 or more
     */
    record TargetsAssigned(int changed) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.targetsAssigned(this);
        }
    }

    /** What became of consumer groups. */
    record GroupsChanged(GroupResult change) implements Result {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.groupsChanged(this);
        }
    }
}
