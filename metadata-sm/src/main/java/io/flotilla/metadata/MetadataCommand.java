package io.flotilla.metadata;

import io.flotilla.metadata.group.GroupCommand;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A wish to change the metadata. Times and random ids are stamped by the proposer, so that every replica that applies
 * the command gets the same result. Limits are the rules' business: any value can be proposed, and a bad one is
 * answered by {@link Outcome.Rejected}. Encoded form: {@code command.proto}.
 */
public sealed interface MetadataCommand {
    <R> R match(Cases<R> cases);

    /** One method per command; a command left out does not compile. */
    interface Cases<R> {
        R registerBroker(RegisterBroker command);

        R createTopic(CreateTopic command);

        R deleteTopic(DeleteTopic command);

        R reportLeaders(ReportLeaders command);

        R allocateProducerIds(AllocateProducerIds command);

        R drainBroker(DrainBroker command);

        R fenceBroker(FenceBroker command);

        R startOperation(StartOperation command);

        R endOperation(EndOperation command);

        R assignTargets(AssignTargets command);

        R addPartitions(AddPartitions command);

        R alterTopicConfig(AlterTopicConfig command);

        R undeleteTopic(UndeleteTopic command);

        R purgeTopic(PurgeTopic command);

        R raiseFeatureLevel(RaiseFeatureLevel command);

        R changeGroups(ChangeGroups command);

        R changeMetadataVoters(ChangeMetadataVoters command);

        R once(Once command);
    }

    /**
     * A broker says who and where it is; sent at each start. Answered by {@link Result.BrokerRegistered}.
     *
     * @param rack        empty if unknown
     * @param replicasMax replicas it has room for; 0 sets no bound
     * @param levels      feature levels its release speaks
     */
    record RegisterBroker(
            int id,
            String directoryId,
            Endpoint grpc,
            Endpoint raft,
            String rack,
            long proposedAtMillis,
            int replicasMax,
            FeatureLevels levels)
            implements MetadataCommand {
        /** From a broker that does not tell its levels. */
        public RegisterBroker(
                int id,
                String directoryId,
                Endpoint grpc,
                Endpoint raft,
                String rack,
                long proposedAtMillis,
                int replicasMax) {
            this(id, directoryId, grpc, raft, rack, proposedAtMillis, replicasMax, FeatureLevels.FIRST_ONLY);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.registerBroker(this);
        }
    }

    /**
     * Answered by {@link Result.TopicCreated}.
     *
     * @param id     random, made by the proposer
     * @param config settings by name, see {@link TopicConfig}
     */
    record CreateTopic(UUID id, String name, int partitionCount, int replicationFactor, Map<String, String> config)
            implements MetadataCommand {
        public CreateTopic {
            config = Collections.unmodifiableMap(new TreeMap<>(config));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.createTopic(this);
        }
    }

    /**
     * Takes a topic out of the namespace. Its records stay until its grace is over and it is purged, so that it can be
     * undeleted. Answered by {@link Result.TopicDeleted}.
     *
     * @param name             or, to purge a topic that was deleted before, its id and no grace
     * @param proposedAtMillis wall clock of the proposer, milliseconds since the epoch
     * @param graceMillis      0 purges the topic at once
     */
    record DeleteTopic(String name, long proposedAtMillis, long graceMillis) implements MetadataCommand {
        /** Deletion at once, without a way back. */
        public DeleteTopic(String name) {
            this(name, 0, 0);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteTopic(this);
        }
    }

    /**
     * Grows a topic. The command names the count that the topic has afterwards, so that the same command twice adds
     * nothing the second time. Answered by {@link Result.PartitionsAdded}.
     */
    record AddPartitions(String topicName, int newTotalCount) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.addPartitions(this);
        }
    }

    /**
     * Changes some of a topic's settings and leaves the others. Answered by {@link Result.TopicConfigAltered}.
     *
     * @param set    new values by name, see {@link TopicConfig}
     * @param remove names of settings that go back to their defaults; one that is not set is no error
     */
    record AlterTopicConfig(String topicName, Map<String, String> set, Set<String> remove) implements MetadataCommand {
        public AlterTopicConfig {
            set = Collections.unmodifiableMap(new TreeMap<>(set));
            remove = Collections.unmodifiableSet(new TreeSet<>(remove));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.alterTopicConfig(this);
        }
    }

    /**
     * Changes a topic unless the same request has done so before: while a request is retried, an attempt that was given up
     * may still be on its way. Answered as the change itself is; one that comes again with what is there by now.
     *
     * @param requestId the same in all attempts, and of no other request
     * @param change    {@link DeleteTopic}, {@link AddPartitions}, {@link AlterTopicConfig} or {@link UndeleteTopic}
     */
    record Once(UUID requestId, MetadataCommand change) implements MetadataCommand {
        public Once {
            if (!(change instanceof DeleteTopic
                    || change instanceof AddPartitions
                    || change instanceof AlterTopicConfig
                    || change instanceof UndeleteTopic)) {
                throw new IllegalArgumentException("a request for " + change + " is not remembered");
            }
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.once(this);
        }
    }

    /**
     * Brings a deleted topic back as it was. Answered by {@link Result.TopicUndeleted}.
     *
     * @param nameOrId its name, or its id as {@link Topic#idText} writes it, which is always exact
     */
    record UndeleteTopic(String nameOrId) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.undeleteTopic(this);
        }
    }

    /**
     * Forgets a deleted topic whose grace is over; its replicas go from all disks. Answered by {@link
     * Result.TopicPurged}.
     *
     * @param proposedAtMillis wall clock of the proposer, milliseconds since the epoch
     */
    record PurgeTopic(UUID id, long proposedAtMillis) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.purgeTopic(this);
        }
    }

    /** Answered by {@link Result.LeadersReported}; reports that are outdated or of unknown partitions are ignored. */
    record ReportLeaders(List<LeaderReport> reports) implements MetadataCommand {
        public ReportLeaders {
            reports = List.copyOf(reports);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.reportLeaders(this);
        }
    }

    /** Reserves producer ids nobody else will get. Answered by {@link Result.ProducerIdsAllocated}. */
    record AllocateProducerIds(int count) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.allocateProducerIds(this);
        }
    }

    /**
     * Has leaderships taken away from a broker and no new replicas put there, or ends that. Answered by
     * {@link Result.BrokerChanged}.
     */
    record DrainBroker(int brokerId, boolean draining) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.drainBroker(this);
        }
    }

    /**
     * The metadata's leader has not heard of a broker, or hears of it again. Ignored if the broker has registered with
     * another directory meanwhile. Answered by {@link Result.BrokerChanged}.
     *
     * @param sinceMillis since when, milliseconds since the epoch; 0 if it is heard of
     */
    record FenceBroker(int brokerId, String directoryId, long sinceMillis) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.fenceBroker(this);
        }
    }

    /**
     * Begins a long job; one that was begun by an earlier copy of the command is left as it is. Answered by
     * {@link Result.OperationChanged}.
     *
     * @param id random, made by the proposer
     */
    record StartOperation(UUID id, Job job, long proposedAtMillis) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.startOperation(this);
        }
    }

    /**
     * Ends a long job; one that has ended is left as it is. Answered by {@link Result.OperationChanged}.
     *
     * @param state   any but RUNNING; CANCELLED has what was not reached yet put back
     * @param message why
     */
    record EndOperation(UUID id, Operation.State state, String message, long proposedAtMillis)
            implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.endOperation(this);
        }
    }

    /**
     * Says where replicas shall be; targets of partitions that are gone are ignored. Answered by
     * {@link Result.TargetsAssigned}.
     */
    record AssignTargets(List<TargetReplicas> targets) implements MetadataCommand {
        public AssignTargets {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.assignTargets(this);
        }
    }

    /**
     * Has the cluster use what the next feature level allows. There is no way back. Answered by
     * {@link Result.FeatureLevelRaised}.
     */
    record RaiseFeatureLevel(int level) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.raiseFeatureLevel(this);
        }
    }

    /** Changes consumer groups, which are no part of the image. Answered by {@link Result.GroupsChanged}. */
    record ChangeGroups(GroupCommand change) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.changeGroups(this);
        }
    }

    /**
     * Says who votes on the metadata, which its leader knows, and who shall. Answered by
     * {@link Result.MetadataVotersChanged}.
     */
    record ChangeMetadataVoters(MetadataVoters voters) implements MetadataCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.changeMetadataVoters(this);
        }
    }
}
